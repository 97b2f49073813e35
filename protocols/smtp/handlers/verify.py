"""VRFY and EXPN (RFC 5321 sections 3.5 and 7.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from delivery.recipients import is_local_address
from protocols.runtime.session import Reply
from protocols.smtp.answers import say
from protocols.smtp.wire.commands import Expn, Vrfy

if TYPE_CHECKING:
    from protocols.smtp.session import SmtpSession


def vrfy(session: SmtpSession, command: Vrfy) -> Reply:
    """Strangers hear 252, which says nothing (section 7.3); who has logged in hears whether the address is ours."""
    if session.account is None:
        return say(252, "2.5.2", "Cannot verify, but will take the message and try to deliver it")
    address = command.text.strip("<>")
    if is_local_address(address):
        return say(250, "2.1.5", f"<{address}>")
    return say(550, "5.1.1", "No such user here")


def expn(session: SmtpSession, command: Expn) -> Reply:
    """Who is in a list is nobody's business."""
    return session.mistake(say(502, "5.5.1", "EXPN is not offered"))
