"""Why somebody does not get in, and what a certificate or a policy is refused for."""

from django.utils.functional import Promise


class LoginRefused(Exception):
    """Base of everything that authenticate() raises."""


class AuthenticationFailed(LoginRefused):
    """Wrong password, unknown user or disabled account: told apart nowhere.

    `delay` (seconds): wait this long before answering the client, without holding a thread.
    """

    def __init__(self, delay: float = 0.0) -> None:
        super().__init__("authentication failed")
        self.delay = delay


class Throttled(LoginRefused):
    """Too many failures; nothing was checked. `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("too many failures")
        self.retry_after = retry_after


class MechanismRefused(LoginRefused):
    """The policy has switched this method off."""


class EncryptionRequired(LoginRefused):
    """The policy wants TLS before this method, or before anything."""


class SecurityError(Exception):
    """A refusal for people: `message` is a translatable sentence."""

    def __init__(self, message: "str | Promise") -> None:
        super().__init__(message)
        self._message = message

    @property
    def message(self) -> str:
        return str(self._message)

    def __str__(self) -> str:
        return self.message


class CertificateError(SecurityError):
    """The certificate or key cannot be used; nothing was changed.

    `field`: which of the things brought is wrong, "chain", "key" or "passphrase".
    """

    def __init__(self, message: "str | Promise", field: str = "chain") -> None:
        super().__init__(message)
        self.field = field


class PasswordRefused(SecurityError):
    """Not a password that can be set."""


class PolicyRefused(SecurityError):
    """Not a policy that can be set."""
