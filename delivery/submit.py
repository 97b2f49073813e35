"""The webmail's "send": the same checks as SMTP submission, without SMTP."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from delivery.deliver import deliver_whole, targets_of, with_trace
from delivery.recipients import Accepted, SenderContext, check_recipient
from delivery.trace import new_id
from delivery.transaction import MailTransaction, Recipient, Refusal
from directory.accounts import AccountInfo
from mailstore import writer
from mailstore.append import NewMessage, Target
from mailstore.append import deliver as deliver_to_mailboxes

NO_RECIPIENTS = Refusal(554, "5.5.1", "No recipients")


@dataclass(frozen=True, slots=True)
class RefusedRecipient:
    """An address as it was given, and why nothing can be sent there."""

    address: str
    refusal: Refusal


@dataclass(frozen=True, slots=True)
class SubmitResult:
    """sent: everybody finds it in the INBOX, durably. Otherwise `refused` says who is in the way; nothing was sent."""

    sent: bool
    queue_id: str = ""
    refused: tuple[RefusedRecipient, ...] = ()


def submit(
    account: AccountInfo,
    message: bytes,
    recipients: Sequence[str],
    *,
    save_to: Target | None = None,
    copy: bytes | None = None,
    also: Callable[[], object] | None = None,
) -> SubmitResult:
    """Send as the account's own address to all recipients, or to none.

    save_to: where the sender's copy goes (flags in the Target), in the same commit; copy: its bytes where they differ
    (Bcc), else the message. also: more work of the same commit (the draft's deletion); it runs in the writer's thread.
    Raises OverQuota (the copy does not fit, nothing was sent), SomeMailboxesFull, StoreUnavailable, Rejected.
    """
    sender = SenderContext(account, len(message))
    verdicts = [(address, check_recipient(address, sender)) for address in dict.fromkeys(recipients)]
    refused = tuple(RefusedRecipient(at, verdict) for at, verdict in verdicts if isinstance(verdict, Refusal))
    if refused or not verdicts:
        return SubmitResult(False, refused=refused or (RefusedRecipient("", NO_RECIPIENTS),))
    accepted = tuple(
        Recipient(address, verdict.account_ids) for address, verdict in verdicts if isinstance(verdict, Accepted)
    )
    transaction = MailTransaction(
        reverse_path=account.address,
        recipients=accepted,
        received_at=int(time.time()),
        protocol="HTTP",
        authenticated_as=account,
        queue_id=new_id(),
        is_submission=True,
    )
    _send(transaction, message, copy or message, save_to, also)
    return SubmitResult(True, transaction.queue_id)


def _send(
    transaction: MailTransaction,
    message: bytes,
    copy: bytes,
    save_to: Target | None,
    also: Callable[[], object] | None,
) -> None:
    outgoing = NewMessage(with_trace(transaction, message), internal_date=transaction.received_at)

    def job() -> None:
        deliver_whole(transaction, targets_of(transaction), outgoing)
        if save_to is not None:
            saved = deliver_to_mailboxes([save_to], NewMessage(copy, internal_date=transaction.received_at)).result()[0]
            if saved.error is not None:
                raise saved.error
        if also is not None:
            also()

    writer.write(job)
