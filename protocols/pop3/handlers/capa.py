"""CAPA (RFC 2449) and UTF8 (RFC 6856)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.pop3.answers import good, say
from protocols.pop3.state import State
from protocols.pop3.wire.commands import Capa, Utf8
from protocols.pop3.wire.replies import listing
from protocols.runtime import pop3_rules
from protocols.runtime.session import Reply
from security import policy

if TYPE_CHECKING:
    from protocols.pop3.session import Pop3Session

_ALWAYS = ("TOP", "UIDL", "RESP-CODES", "AUTH-RESP-CODE", "PIPELINING", "UTF8 USER", "LANG")


def capa(session: Pop3Session, command: Capa) -> Reply:
    """What is offered: ways to log in before and after login (RFC 2449 section 5), STLS only before (RFC 2595)."""
    asked = pop3_rules.current()
    offered = [*_ALWAYS, f"EXPIRE {asked.expire}"]
    if asked.login_delay:
        offered.append(f"LOGIN-DELAY {asked.login_delay}")
    rules = policy.current()
    mechanisms = rules.mechanisms_for(session.door)
    if rules.allows_plaintext(session.door):
        offered.append("USER")
    if mechanisms:
        offered.append(f"SASL {' '.join(mechanisms)}")
    if session.state is State.AUTHORIZATION and session.peer.tls is None:
        offered.append("STLS")
    return Reply(listing(say("Capability list follows"), [*offered, "IMPLEMENTATION Facteur"]))


def utf8(session: Pop3Session, command: Utf8) -> Reply:
    """In UTF-8 mode messages go out as they came in; else with ASCII headers (RFC 6856 section 2.1)."""
    session.utf8 = True
    return good("UTF-8 mode")
