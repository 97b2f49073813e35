"""CAPA (RFC 2449) and UTF8 (RFC 6856)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.pop3.answers import good
from protocols.pop3.state import State
from protocols.pop3.wire.commands import Capa, Utf8
from protocols.pop3.wire.replies import listing
from protocols.runtime.session import Reply
from security import policy

if TYPE_CHECKING:
    from protocols.pop3.session import Pop3Session

# EXPIRE NEVER: mail stays until somebody deletes it (RFC 2449 section 6.7).
_ALWAYS = ("TOP", "UIDL", "RESP-CODES", "AUTH-RESP-CODE", "PIPELINING", "EXPIRE NEVER", "UTF8 USER")


def capa(session: Pop3Session, command: Capa) -> Reply:
    """What is offered: ways to log in before and after login (RFC 2449 section 5), STLS only before (RFC 2595)."""
    offered = list(_ALWAYS)
    rules = policy.current()
    mechanisms = rules.mechanisms_for(session.door)
    if rules.allows_plaintext(session.door):
        offered.append("USER")
    if mechanisms:
        offered.append(f"SASL {' '.join(mechanisms)}")
    if session.state is State.AUTHORIZATION and session.peer.tls is None:
        offered.append("STLS")
    return Reply(listing("Capability list follows", [*offered, "IMPLEMENTATION Facteur"]))


def utf8(session: Pop3Session, command: Utf8) -> Reply:
    """Messages go out as they came in, in UTF-8 mode or not; nothing is converted (RFC 6856 section 2.1)."""
    session.utf8 = True
    return good("UTF-8 mode")
