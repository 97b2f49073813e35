"""The answers to a login that failed (RFC 3206), the same for USER/PASS and AUTH."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.pop3 import limits
from protocols.pop3.answers import err
from protocols.runtime.delay import later
from protocols.runtime.session import Reply
from security.errors import AuthenticationFailed, EncryptionRequired, LoginRefused, Throttled

if TYPE_CHECKING:
    from protocols.pop3.session import Pop3Session


def refused(session: Pop3Session, refusal: LoginRefused) -> Reply:
    """Wrong, unknown and disabled are told apart nowhere; what the policy forbids is said plainly."""
    if isinstance(refusal, Throttled):
        return err("Too many failed logins, try again later", "SYS/TEMP")
    if isinstance(refusal, EncryptionRequired):
        return err("Encryption is required: say STLS first")
    if not isinstance(refusal, AuthenticationFailed):
        return err("This method is switched off")
    session.login_failures += 1
    if session.login_failures >= limits.MAX_LOGIN_FAILURES:
        return session.hang_up("Too many failed logins, closing connection")
    answer = err("Authentication failed", "AUTH")
    return answer if refusal.delay <= 0 else Reply(future=later(refusal.delay), then=lambda done: answer)
