"""Getting in: what follows LOGIN's password or AUTHENTICATE's exchange (RFC 3501 sections 6.2.2 and 6.2.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from directory import site
from directory.accounts import AccountInfo
from protocols.imap.answer import Answer, bad, no
from protocols.imap.capabilities import announce
from protocols.imap.wire.commands.login import Login
from protocols.runtime.delay import later
from protocols.runtime.login import Ask, Exchange, LoggedIn, Malformed
from protocols.runtime.session import Reply, WireFacts
from protocols.sasl import PasswordProof
from security import policy
from security.authentication import authenticate, recall
from security.errors import AuthenticationFailed, EncryptionRequired, LoginRefused, MechanismRefused, Throttled

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


@dataclass(frozen=True, slots=True)
class Authenticating:
    """An AUTHENTICATE that goes on over several lines."""

    tag: bytes
    exchange: Exchange


def start(session: ImapSession, tag: bytes, name: str, initial: bytes | None) -> Answer | Reply:
    """AUTHENTICATE by a mechanism that the policy allows here and now."""
    rules, door = policy.current(), session.door
    allowed = rules.mechanisms_for(door)
    if name not in allowed:
        if rules.would_allow_inside_tls(name, door):
            return no("This mechanism needs TLS", b"PRIVACYREQUIRED")
        return no("Mechanism not available", b"CANNOT")
    authenticating = Authenticating(tag, Exchange(name, door, session.peer, site.hostname(), allowed))
    note_attempt(session, name)
    try:
        return _follow(session, authenticating, authenticating.exchange.begin(initial))
    except (Malformed, LoginRefused) as error:
        return refused(session, tag, error)


def respond(session: ImapSession, authenticating: Authenticating, line: bytes) -> Answer | Reply:
    """One line from the client; "*" cancels (RFC 3501 section 6.2.2)."""
    session.authenticating = None
    if line == b"*":
        return bad("Authentication cancelled")
    try:
        return _follow(session, authenticating, authenticating.exchange.answer(line))
    except (Malformed, LoginRefused) as error:
        return refused(session, authenticating.tag, error)


def _follow(session: ImapSession, authenticating: Authenticating, step: Ask | LoggedIn) -> Answer | Reply:
    if isinstance(step, LoggedIn):
        return _entered(session, step.account, authenticating.exchange.mechanism)
    session.authenticating = authenticating
    return Reply(f"+ {step.line}\r\n".encode())


def is_known(session: ImapSession, command: Login) -> bool:
    """Whether LOGIN can be answered from memory: mail clients log in all day with the same password."""
    session.recalled = recall(PasswordProof(command.user, "", command.password), session.door)
    return session.recalled is not None


def by_password(session: ImapSession, tag: bytes, user: str, password: str) -> Answer | Reply:
    """LOGIN."""
    account, session.recalled = session.recalled, None
    note_attempt(session, "LOGIN")
    try:
        account = account or authenticate(PasswordProof(user, "", password), session.door)
        return _entered(session, account, "LOGIN")
    except LoginRefused as error:
        return refused(session, tag, error)


def _entered(session: ImapSession, account: AccountInfo, mechanism: str) -> Answer:
    session.log_in(account)
    note_attempt(session, mechanism)
    return Answer("Logged in", code=b"CAPABILITY " + announce(session))


def note_attempt(session: ImapSession, mechanism: str) -> None:
    """For the wire record: failed attempts count too."""
    account = session.account.address if session.account else ""
    in_clear = session.facts.authenticated_in_clear or session.peer.tls is None
    session.facts = WireFacts(account=account, mechanism=mechanism, authenticated_in_clear=in_clear)


def refused(session: ImapSession, tag: bytes, error: Malformed | LoginRefused) -> Answer | Reply:
    """The words for each refusal (RFC 5530 section 3); a wrong password's come after the delay it has earned."""
    if isinstance(error, Malformed):
        return bad("The response is malformed")
    if isinstance(error, EncryptionRequired):
        return no("Use TLS first", b"PRIVACYREQUIRED")
    if isinstance(error, MechanismRefused):
        return no("This way to log in is switched off", b"CONTACTADMIN")
    if isinstance(error, Throttled):
        return no("Too many failures; try again later", b"UNAVAILABLE")
    answer = no("Authentication failed", b"AUTHENTICATIONFAILED")
    delay = error.delay if isinstance(error, AuthenticationFailed) else 0.0
    if not delay:
        return answer
    return Reply(future=later(delay), then=lambda _: session.finish(tag, answer))
