"""From an accepted transaction to the mailboxes: one content, one commit for all recipients."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass

from delivery import trace
from delivery.transaction import MailTransaction, Refusal
from directory.site import hostname
from mailstore.append import Delivered, NewMessage, Target
from mailstore.append import deliver as deliver_to_mailboxes
from mailstore.errors import OverQuota

LOOPING = Refusal(554, "5.4.6", "Routing loop detected: too many Received lines")
ALL_FULL = Refusal(552, "5.2.2", "Mailbox full")


class Rejected(Exception):
    """The message is refused before anything is written."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.text)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """What became of a transaction: where it lies, and which targets would not take it."""

    queue_id: str
    delivered: tuple[Delivered, ...]
    refused: tuple[Delivered, ...]

    @property
    def refusal(self) -> Refusal | None:
        """Why nobody got it; None where somebody did."""
        if self.delivered or not self.refused:
            return None
        full = any(isinstance(each.error, OverQuota) for each in self.refused)
        return ALL_FULL if full else Refusal(550, "5.1.1", "No such user here")


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

    Raises Rejected at once; the future fails with StoreUnavailable, and then nobody got it.
    """
    stored = with_trace(transaction, data)
    message = NewMessage(stored, internal_date=transaction.received_at)
    result: Future[DeliveryResult] = Future()
    deliver_to_mailboxes(targets_of(transaction), message).add_done_callback(
        lambda done: _hand_on(transaction, done, result)
    )
    return result


def _hand_on(transaction: MailTransaction, done: Future[list[Delivered]], result: Future[DeliveryResult]) -> None:
    error = done.exception()
    if error is not None:
        result.set_exception(error)
        return
    every = done.result()
    delivered = tuple(each for each in every if each.error is None)
    refused = tuple(each for each in every if each.error is not None)
    result.set_result(DeliveryResult(transaction.queue_id, delivered, refused))
