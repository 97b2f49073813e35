"""The message is in: refuse it, or deliver it and say so when that is durable."""

from __future__ import annotations

import logging
import time
from concurrent.futures import Future
from typing import TYPE_CHECKING

from delivery.deliver import DeliveryResult, Rejected, deliver
from delivery.trace import new_id
from delivery.transaction import MailTransaction, Refusal
from protocols.runtime.session import Reply
from protocols.smtp import limits
from protocols.smtp.answers import OUR_FAULT, refusal_for, refuse, say
from protocols.smtp.state import Transaction
from protocols.smtp.wire.content import Content, ContentFault

if TYPE_CHECKING:
    from protocols.smtp.session import SmtpSession

logger = logging.getLogger(__name__)

FAULTS: dict[ContentFault, Refusal] = {
    ContentFault.TOO_BIG: Refusal(552, "5.3.4", f"Message size exceeds the limit of {limits.MAX_MESSAGE} octets"),
    # RFC 5321 section 2.3.8; 5.6.11 is the code that the IANA registry has for it.
    ContentFault.BARE_NEWLINE: Refusal(550, "5.6.11", "Message has a CR or LF that stands alone"),
    ContentFault.NO_SPACE: Refusal(452, "4.3.1", "Insufficient system storage, try again later"),
}


def received(session: SmtpSession, content: Content) -> Reply:
    """After the dot, or after a BDAT chunk."""
    session.minimum_rate = 0
    transaction = session.transaction
    if session.discarding or transaction is None:
        session.discarding = False
        content.close()
        return session.mistake(say(503, "5.5.1", "MAIL and RCPT come first"))
    if transaction.content is None or transaction.last_chunk:
        content.finish()
    if content.fault is not None:
        return _faulty(session, content)
    if transaction.content is content and not transaction.last_chunk:
        return say(250, "2.0.0", f"{content.size} octets received")
    return _deliver(session, transaction, content)


def _faulty(session: SmtpSession, content: Content) -> Reply:
    assert content.fault is not None
    content.close()
    session.reset()
    answer = refuse(FAULTS[content.fault])
    answer.close = content.overrun
    return answer


def _deliver(session: SmtpSession, transaction: Transaction, content: Content) -> Reply:
    mail = _mail_transaction(session, transaction)
    data = content.getvalue()
    content.close()
    session.reset()
    session.idle_commands = 0
    try:
        future = deliver(mail, data)
    except Rejected as rejected:
        return refuse(rejected.refusal)
    return Reply(future=future, then=lambda done: _outcome(mail, len(data), done))


def _outcome(mail: MailTransaction, size: int, done: Future[DeliveryResult]) -> Reply:
    """The answer once the commit is durable, or has failed."""
    error = done.exception()
    if error is not None:
        refusal = refusal_for(error)
        unforeseen = error if refusal is OUR_FAULT else None
        logger.warning("%s from=<%s> not delivered: %s", mail.queue_id, mail.reverse_path, error, exc_info=unforeseen)
        return refuse(refusal)
    result = done.result()
    logger.info("%s from=<%s> size=%d delivered=%d", mail.queue_id, mail.reverse_path, size, len(result.delivered))
    return say(250, "2.0.0", f"OK, queued as {mail.queue_id}")


def _mail_transaction(session: SmtpSession, transaction: Transaction) -> MailTransaction:
    mail = transaction.mail
    tls = session.peer.tls
    return MailTransaction(
        reverse_path=mail.reverse_path,
        recipients=tuple(transaction.recipients),
        received_at=int(time.time()),
        protocol=_protocol(session, mail.smtputf8),
        helo=session.helo,
        remote_address=session.peer.remote_address,
        tls=f"{tls.version} {tls.cipher}" if tls is not None else "",
        authenticated_as=session.account,
        ret=mail.ret,
        envid=mail.envid,
        smtputf8=mail.smtputf8,
        body=mail.body,
        queue_id=new_id(),
        is_submission=session.account is not None,
    )


def _protocol(session: SmtpSession, smtputf8: bool) -> str:
    """RFC 3848 and RFC 6531 section 4.3: ESMTP or UTF8SMTP, S for TLS, A for authenticated."""
    if not session.extended:
        return "SMTP"
    base = "UTF8SMTP" if smtputf8 else "ESMTP"
    return base + ("S" if session.peer.tls is not None else "") + ("A" if session.account is not None else "")
