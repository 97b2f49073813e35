"""AUTH (RFC 4954)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from directory.site import hostname
from protocols.runtime.delay import later
from protocols.runtime.login import Ask, Exchange, LoggedIn, Malformed
from protocols.runtime.session import Reply
from protocols.smtp import limits
from protocols.smtp.answers import say
from protocols.smtp.wire.commands import Auth
from security import policy
from security.errors import AuthenticationFailed, EncryptionRequired, MechanismRefused, Throttled

if TYPE_CHECKING:
    from protocols.smtp.session import SmtpSession


def auth(session: SmtpSession, command: Auth) -> Reply:
    """Begin an exchange."""
    if session.account is not None:
        return session.mistake(say(503, "5.5.1", "Already authenticated"))
    announced = session.mechanisms()
    if command.mechanism not in announced:
        return session.mistake(_not_offered(session, command.mechanism))
    exchange = Exchange(command.mechanism, session.door, session.peer, hostname(), announced)
    session.mechanism = command.mechanism
    session.authenticated_in_clear = session.peer.tls is None
    initial = None if command.initial is None else command.initial.encode("ascii", "replace")
    return _go_on(session, exchange, lambda: exchange.begin(initial))


def respond(session: SmtpSession, line: bytes) -> Reply:
    """The client's next line of the exchange; `*` gives up (section 4)."""
    exchange, session.exchange = session.exchange, None
    assert exchange is not None
    if line == b"*":
        return say(501, "5.7.0", "Authentication cancelled")
    return _go_on(session, exchange, lambda: exchange.answer(line))


def _go_on(session: SmtpSession, exchange: Exchange, step: Callable[[], Ask | LoggedIn]) -> Reply:
    try:
        result = step()
    except Malformed:
        return session.mistake(say(501, "5.5.2", "Malformed authentication data"))
    except AuthenticationFailed as failure:
        return _failed(session, failure.delay)
    except Throttled:
        return say(454, "4.7.0", "Too many failed logins, try again later")
    except MechanismRefused:
        return say(504, "5.5.4", "Mechanism is not offered")
    except EncryptionRequired:
        return say(538, "5.7.11", "Encryption required for this mechanism")
    if isinstance(result, Ask):
        session.exchange = exchange
        return say(334, "", result.line)
    session.account = result.account
    session.login_failures = 0
    return say(235, "2.7.0", "Authentication successful")


def _not_offered(session: SmtpSession, mechanism: str) -> Reply:
    """538 where TLS would help, 504 where nothing does (RFC 4954 sections 4 and 6)."""
    if policy.current().would_allow_inside_tls(mechanism, session.door):
        return say(538, "5.7.11", "Encryption required for this mechanism: say STARTTLS first")
    return say(504, "5.5.4", "Mechanism is not offered")


def _failed(session: SmtpSession, delay: float) -> Reply:
    """535 leaves the connection open: clients try one mechanism after another."""
    session.login_failures += 1
    if session.login_failures >= limits.MAX_LOGIN_FAILURES:
        return session.hang_up("Too many failed logins")
    answer = say(535, "5.7.8", "Authentication failed")
    return answer if delay <= 0 else Reply(future=later(delay), then=lambda done: answer)
