"""What the directory refuses, in sentences for people."""

from django.utils.functional import Promise


class DirectoryError(Exception):
    """`message` is a translatable sentence."""

    def __init__(self, message: "str | Promise") -> None:
        super().__init__(message)
        self._message = message

    @property
    def message(self) -> str:
        return str(self._message)

    def __str__(self) -> str:
        return self.message


class NameTaken(DirectoryError):
    """Another account, alias, group or domain has that name."""


class BadName(DirectoryError):
    """Not an address or a domain name that can exist here."""


class NotFound(DirectoryError):
    """No such account, alias, group or domain."""


class StillInUse(DirectoryError):
    """Cannot be deleted while something depends on it."""
