"""AUTH (RFC 5034)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from directory.site import hostname
from protocols.pop3.answers import err, say
from protocols.pop3.handlers.failures import refused
from protocols.pop3.wire.commands import Auth
from protocols.pop3.wire.replies import listing
from protocols.runtime.login import Ask, Exchange, LoggedIn, Malformed
from protocols.runtime.session import Reply
from security import policy
from security.errors import LoginRefused

if TYPE_CHECKING:
    from protocols.pop3.session import Pop3Session


def auth(session: Pop3Session, command: Auth) -> Reply:
    """Begin an exchange; without a mechanism list them (RFC 1734)."""
    rules = policy.current()
    announced = rules.mechanisms_for(session.door)
    if not command.mechanism:
        return Reply(listing(say("Mechanisms follow"), announced))
    if command.mechanism not in announced:
        needs_tls = rules.would_allow_inside_tls(command.mechanism, session.door)
        refusal = err("Encryption is required: say STLS first" if needs_tls else "Mechanism is not offered")
        return session.mistake(refusal)
    exchange = Exchange(command.mechanism, session.door, session.peer, hostname(), announced)
    session.mechanism = command.mechanism
    session.authenticated_in_clear = session.peer.tls is None
    return _go_on(session, exchange, lambda: exchange.begin(command.initial))


def respond(session: Pop3Session, line: bytes) -> Reply:
    """The client's next line of the exchange; `*` gives up (section 4)."""
    exchange, session.exchange = session.exchange, None
    assert exchange is not None
    if line == b"*":
        return err("Authentication cancelled")
    return _go_on(session, exchange, lambda: exchange.answer(line))


def _go_on(session: Pop3Session, exchange: Exchange, step: Callable[[], Ask | LoggedIn]) -> Reply:
    try:
        result = step()
    except Malformed:
        return session.mistake(err("Malformed authentication data"))
    except LoginRefused as refusal:
        return refused(session, refusal)
    if isinstance(result, Ask):
        session.exchange = exchange
        return Reply(f"+ {result.line}\r\n".encode())
    return session.enter(result.account)
