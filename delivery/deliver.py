"""From an accepted transaction to the mailboxes: one content, one commit for all recipients.

DATA has one answer for all recipients (RFC 5321 section 4.2.5), so a transaction is delivered whole or not at all. A
recipient that stands for several accounts (a group) is served when one of them is: a full mailbox of a member neither
hinders the others nor the list.
"""

from __future__ import annotations

import logging
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial

from delivery import trace
from delivery.transaction import MailTransaction, Refusal
from directory.site import hostname
from mailstore import writer
from mailstore.append import Delivered, NewMessage, Target
from mailstore.append import deliver as deliver_to_mailboxes
from mailstore.errors import StoreError

logger = logging.getLogger(__name__)

LOOPING = Refusal(554, "5.4.6", "Routing loop detected: too many Received lines")


class Rejected(Exception):
    """The message is refused before anything is written."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.text)
        self.refusal = refusal


class SomeMailboxesFull(StoreError):
    """Of several recipients some could not take the message, so nobody got it; RCPT will tell next time who."""


@dataclass(slots=True)
class DeliveryResult:
    """Where a transaction lies, and which members of groups did not get it."""

    queue_id: str
    delivered: tuple[Delivered, ...]
    missed: tuple[Delivered, ...] = ()


def with_trace(transaction: MailTransaction, data: bytes) -> bytes:
    """The bytes as they are stored: trace lines, what a submission lacked, then the message untouched. Rejected."""
    found = trace.watched_fields(trace.header_of(data))
    if trace.is_looping(found):
        raise Rejected(LOOPING)
    name = hostname()
    added = trace.missing_fields(transaction, found, name) if transaction.is_submission else b""
    return b"".join((trace.trace_lines(transaction, name), added, trace.separator(data), data))


def targets_of(transaction: MailTransaction) -> list[Target]:
    """One INBOX for each account, however many of its addresses were named."""
    accounts = dict.fromkeys(account for recipient in transaction.recipients for account in recipient.account_ids)
    return [Target(account_id) for account_id in accounts]


def deliver(transaction: MailTransaction, data: bytes) -> Future[DeliveryResult]:
    """Deliver to all recipients in one commit; the future resolves when that is durable.

    Raises Rejected at once. The future fails with OverQuota, NoSuchMailbox (the account is gone), SomeMailboxesFull or
    StoreUnavailable, and then nobody got it.
    """
    message = NewMessage(with_trace(transaction, data), internal_date=transaction.received_at)
    targets = targets_of(transaction)
    conclude = partial(_conclude, transaction)
    if len(targets) == 1:
        return deliver_to_mailboxes(targets, message, conclude)
    return writer.submit(lambda: deliver_whole(transaction, targets, message), then=conclude)


def deliver_whole(transaction: MailTransaction, targets: list[Target], message: NewMessage) -> list[Delivered]:
    """To all recipients or none; called in a job of the writer, whose transaction an error undoes."""
    every = deliver_to_mailboxes(targets, message).result()
    got_it = {each.target.account_id for each in every if each.error is None}
    if not all(got_it.intersection(recipient.account_ids) for recipient in transaction.recipients):
        raise SomeMailboxesFull(", ".join(str(each.error) for each in every if each.error is not None))
    return every


def _conclude(transaction: MailTransaction, every: list[Delivered]) -> DeliveryResult:
    """What a durable delivery has come to; raises the error of the mailbox where nobody got it."""
    missed = tuple([each for each in every if each.error is not None])
    if missed and len(missed) == len(every):
        assert missed[0].error is not None
        raise missed[0].error
    for each in missed:
        logger.warning("%s: account %d missed it: %s", transaction.queue_id, each.target.account_id, each.error)
    delivered = tuple(every) if not missed else tuple([each for each in every if each.error is None])
    return DeliveryResult(transaction.queue_id, delivered, missed)
