"""RCPT (RFC 5321 section 4.1.1.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from delivery.recipients import UNKNOWN_USER, Accepted, check_recipient
from delivery.transaction import Recipient, Refusal
from protocols.runtime.delay import later
from protocols.runtime.session import Reply
from protocols.smtp import limits
from protocols.smtp.answers import refuse, say
from protocols.smtp.state import State
from protocols.smtp.wire.commands import Rcpt
from protocols.smtp.wire.replies import reply

if TYPE_CHECKING:
    from protocols.smtp.session import SmtpSession

_RECIPIENT_OK = reply(250, "2.1.5", "Recipient OK")


def rcpt(session: SmtpSession, command: Rcpt) -> Reply:
    """Name a recipient; one that is refused leaves the others as they are."""
    transaction = session.transaction
    assert transaction is not None
    if not transaction.mail.smtputf8 and not command.forward_path.isascii():
        return session.mistake(say(553, "5.6.7", "Address needs SMTPUTF8"))
    if len(transaction.recipients) >= limits.MAX_RECIPIENTS:
        return say(452, "4.5.3", "Too many recipients")
    verdict = check_recipient(command.forward_path, session.sender_context())
    if not isinstance(verdict, Accepted):
        return _refused(session, verdict)
    transaction.recipients.append(Recipient(command.forward_path, verdict.account_ids, command.notify, command.orcpt))
    session.state = State.RCPT
    return Reply(_RECIPIENT_OK)


def _refused(session: SmtpSession, refusal: Refusal) -> Reply:
    """Unknown users are answered more and more slowly: guessing addresses does not pay."""
    if refusal is not UNKNOWN_USER:
        return refuse(refusal)
    session.unknown_recipients += 1
    if session.unknown_recipients > limits.MAX_UNKNOWN_RECIPIENTS:
        return session.hang_up("Too many unknown recipients")
    if session.unknown_recipients <= limits.FREE_UNKNOWN_RECIPIENTS:
        return refuse(refusal)
    return Reply(future=later(limits.UNKNOWN_RECIPIENT_SECONDS), then=lambda done: refuse(refusal))
