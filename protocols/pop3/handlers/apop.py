"""APOP (RFC 1939 section 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.pop3.answers import err
from protocols.pop3.handlers.failures import refused
from protocols.pop3.handlers.user import may_be_prepared
from protocols.pop3.wire.commands import Apop
from protocols.runtime.session import Reply
from protocols.sasl import ApopProof
from protocols.sasl.apop import read_digest
from security.authentication import authenticate
from security.errors import LoginRefused
from security.policy import APOP

if TYPE_CHECKING:
    from protocols.pop3.session import Pop3Session


def apop(session: Pop3Session, command: Apop) -> Reply:
    """Log in by the digest of the greeting's timestamp; where the greeting has none there is no APOP."""
    if not session.timestamp:
        return session.mistake(err("APOP is not offered"))
    digest = read_digest(command.digest)
    if digest is None:
        return session.mistake(err("The digest is not 32 hexadecimal digits"))
    if not may_be_prepared(command.name):
        return session.mistake(err("The name has characters that are not allowed"))
    session.mechanism = APOP
    session.authenticated_in_clear = session.peer.tls is None
    try:
        account = authenticate(ApopProof(command.name, session.timestamp, digest), session.door)
    except LoginRefused as refusal:
        return refused(session, refusal)
    return session.enter(account)
