"""How long a connection may go on with commands that fail."""

from protocols.imap import limits
from protocols.imap.answer import Answer


class Patience:
    """Of one connection, from its begin or its last UNAUTHENTICATE on."""

    __slots__ = ("_commands", "_errors")

    def __init__(self) -> None:
        self._errors = 0
        self._commands = 0

    def count(self, answer: Answer, *, logged_in: bool) -> None:
        """A command was answered. Before login NO counts too: it is a wrong password."""
        if answer.status == "BAD" or (answer.status == "NO" and not logged_in):
            self._errors += 1
        elif logged_in:
            self._errors = 0
        self._commands += 1

    def is_over(self, *, logged_in: bool) -> bool:
        """The connection is to end."""
        if logged_in:
            return self._errors >= limits.MAX_ERRORS
        return self._errors >= limits.MAX_ERRORS_BEFORE_LOGIN or self._commands >= limits.MAX_COMMANDS_BEFORE_LOGIN
