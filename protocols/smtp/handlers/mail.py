"""MAIL (RFC 5321 section 4.1.1.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from delivery.recipients import NOT_YOUR_ADDRESS, may_send_as
from protocols.runtime.session import Reply
from protocols.smtp import limits
from protocols.smtp.answers import refuse, say
from protocols.smtp.state import State, Transaction
from protocols.smtp.wire.commands import Mail
from protocols.smtp.wire.replies import reply
from security.staying import may_stay

if TYPE_CHECKING:
    from protocols.smtp.session import SmtpSession

_SENDER_OK = reply(250, "2.1.0", "Sender OK")


def mail(session: SmtpSession, command: Mail) -> Reply:
    """Begin a transaction."""
    if session.account is not None and not may_stay(session.account, session.door):
        return session.hang_up("Your login has ended")
    if command.size > limits.MAX_MESSAGE:
        return say(552, "5.3.4", f"Message size exceeds the limit of {limits.MAX_MESSAGE} octets")
    if not command.smtputf8 and not command.reverse_path.isascii():
        return session.mistake(say(553, "5.6.7", "Address needs SMTPUTF8"))
    if session.account is not None and not may_send_as(session.account, command.reverse_path):
        return refuse(NOT_YOUR_ADDRESS)
    session.transaction = Transaction(command)
    session.state = State.MAIL
    return Reply(_SENDER_OK)
