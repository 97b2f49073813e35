"""EHLO and HELO (RFC 5321 section 4.1.1.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from directory.site import hostname
from protocols.runtime.session import Reply
from protocols.smtp import limits
from protocols.smtp.answers import say
from protocols.smtp.state import State
from protocols.smtp.wire.commands import Ehlo

if TYPE_CHECKING:
    from protocols.smtp.session import SmtpSession


def ehlo(session: SmtpSession, command: Ehlo) -> Reply:
    """Greet; EHLO also resets (section 4.1.4) and lists what is offered."""
    session.reset()
    session.state = State.READY
    session.helo = command.domain
    session.extended = command.extended
    if not command.extended:
        return say(250, "", hostname())
    return say(250, "", f"{hostname()} at your service", *_extensions(session))


def _extensions(session: SmtpSession) -> list[str]:
    offered = [
        "PIPELINING",
        f"SIZE {limits.MAX_MESSAGE}",
        "8BITMIME",
        "SMTPUTF8",
        "CHUNKING",
        "ENHANCEDSTATUSCODES",
        "DSN",
    ]
    if session.peer.tls is None:
        offered.append("STARTTLS")
    mechanisms = session.mechanisms()
    # Once logged in there is nothing left to offer (RFC 4954 section 4).
    if mechanisms and session.account is None:
        offered.append(f"AUTH {' '.join(mechanisms)}")
    return [*offered, "HELP"]
