"""APPEND and delivery: new messages into mailboxes."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, BinaryIO

from mailformat.summary import MessageSummary
from mailstore import annotating, contents, rights, seen, writer
from mailstore.annotations import Values
from mailstore.contents import Prepared
from mailstore.errors import NoSuchMailbox, NotSelectable, StoreError, StoreUnavailable
from mailstore.flags import SEEN
from mailstore.inserting import Insertion
from mailstore.locking import LockedMailbox, lock_mailbox, lock_mailbox_named


# Made for every delivery, and nobody changes them: frozen would cost microseconds.
@dataclass(slots=True)
class NewMessage:
    """A message to store: its wire bytes and what IMAP APPEND may say of it.

    data: bytes, or a binary file (read from its start). internal_date: Unix seconds, None: now.
    summary: given when the caller has computed it already. annotations: RFC 5257 section 4.7; for append_messages() and
    replace_message() only, and checked by annotating.check_sizes().
    """

    data: bytes | BinaryIO
    flags: int = 0
    keywords: frozenset[str] = frozenset()
    internal_date: int | None = None
    summary: MessageSummary | None = None
    annotations: Values | None = None


@dataclass(frozen=True, slots=True)
class AppendResult:
    """RFC 4315 APPENDUID: the mailbox's UIDVALIDITY and the new UIDs, in the order of the messages."""

    uid_validity: int
    uids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a delivery goes. A mailbox_name that does not exist (any more) means INBOX.

    flags and keywords are added to those of the message.
    """

    account_id: int
    mailbox_name: str = "INBOX"
    flags: int = 0
    keywords: frozenset[str] = frozenset()


@dataclass(slots=True)
class Delivered:
    """What became of one Target: a place, or the refusal (OverQuota; NoSuchMailbox for a deleted account)."""

    target: Target
    mailbox_id: int = 0
    uid: int = 0
    error: StoreError | None = None


# Mailboxes that deliveries of one transaction have locked and not saved yet, by account and name.
Held = dict[tuple[int, str], LockedMailbox]


def append_messages(account_id: int, mailbox_id: int, messages: Sequence[NewMessage]) -> AppendResult:
    """Append all messages or none (RFC 3502); durable on return. Flags that the account may not set are left out (RFC
    4314 section 4); the quota is the owner's.

    Raises NoSuchMailbox, NotSelectable, NoPermission, OverQuota, LimitReached, StoreUnavailable.
    """
    prepared = [prepare(message) for message in messages]

    def job() -> AppendResult:
        mailbox = lock_mailbox(account_id, mailbox_id, needs=rights.INSERT)
        mailbox.check_quota(sum(each.size for each in prepared), len(prepared))
        admitted = [rights.admitted(mailbox.rights, each.flags, each.keywords) for each in prepared]
        packed = [mailbox.admit_keywords(words) if words else "" for _, words in admitted]
        annotated = [(at, each.annotations) for at, each in enumerate(messages) if each.annotations]
        annotating.check_new(mailbox, account_id, [values for _, values in annotated])
        modseq = mailbox.next_modseq()
        insertion = Insertion()
        uids, read = [], []
        for each, (flags, _), keywords in zip(prepared, admitted, packed, strict=True):
            message = insertion.add_message(mailbox.account_id, each)
            own = flags & ~SEEN if mailbox.reader else flags
            uids.append(enter(insertion, message, mailbox, modseq, each.size, own, keywords))
            if own != flags:
                read.append(uids[-1])
        insertion.write()
        seen.give(mailbox, [(mailbox.reader, uid, SEEN) for uid in read], modseq)
        for at, values in annotated:
            annotating.insert(mailbox, account_id, [uids[at]], values, modseq)
        mailbox.save()
        return AppendResult(mailbox.uid_validity, tuple(uids))

    return writer.write(job)


def deliver(
    targets: Sequence[Target], message: NewMessage, then: Callable[[list[Delivered]], Any] | None = None
) -> "Future[Any]":
    """Deliver one message to all targets in one commit: one content, one Delivered for each target in order.

    A target over quota does not hinder the others. The future resolves when the commit is durable, to the list of
    Delivered or what `then` makes of it; or it fails with StoreUnavailable, and then nothing was delivered. Call it
    from a thread that may wait for the disk: a long body is written as a blob before it returns.
    """
    future: Future[Any]
    try:
        prepared = prepare(message)
    except StoreUnavailable as error:
        future = Future()
        future.set_exception(error)
        return future
    return writer.submit_one_of_many(_deliver_all, (targets, prepared), then=then)


def prepare(message: NewMessage) -> Prepared:
    """What needs no transaction: digest, summary, a long body's blob. Raises StoreUnavailable."""
    data = message.data
    if not isinstance(data, bytes):
        data.seek(0)
        data = data.read()
    return contents.prepare(data, message.flags, message.keywords, message.internal_date, message.summary)


def _deliver_all(items: list[tuple[Sequence[Target], Prepared]]) -> list[list[Delivered]]:
    """The job of deliver(), for all deliveries that wait: each row is read once, all are written together."""
    held: Held = {}
    insertion = Insertion()
    results = [_deliver(targets, prepared, held, insertion) for targets, prepared in items]
    insertion.write()
    for mailbox in held.values():
        mailbox.save()
    return results


def _deliver(targets: Sequence[Target], prepared: Prepared, held: Held, insertion: Insertion) -> list[Delivered]:
    """Accounts are locked in the order of their ids."""
    done: dict[int, Delivered] = {}
    messages: dict[int, int] = {}
    for index in sorted(range(len(targets)), key=lambda i: targets[i].account_id):
        target = targets[index]
        try:
            mailbox = _hold(held, target.account_id, target.mailbox_name)
            mailbox.check_quota(prepared.size, 1)
            words = target.keywords | prepared.keywords
            keywords = mailbox.admit_keywords(words) if words else ""
        except StoreUnavailable:
            raise
        except StoreError as error:
            done[index] = Delivered(target, error=error)
            continue
        account_id = target.account_id
        if account_id not in messages:
            messages[account_id] = insertion.add_message(account_id, prepared)
        flags = target.flags | prepared.flags
        modseq = mailbox.next_modseq()
        uid = enter(insertion, messages[account_id], mailbox, modseq, prepared.size, flags, keywords)
        done[index] = Delivered(target, mailbox.id, uid)
    return [done[index] for index in range(len(targets))]


def _hold(held: Held, account_id: int, name: str) -> LockedMailbox:
    """The locked mailbox, or INBOX where there is none of that name; saved when the deliveries are done."""
    if (account_id, name) in held:
        return held[account_id, name]
    # The quota is the account's: what another of its mailboxes has taken in must be seen.
    for key in [key for key in held if key[0] == account_id]:
        held.pop(key).save()
    try:
        mailbox = lock_mailbox_named(account_id, name)
    except (NoSuchMailbox, NotSelectable):
        if name == "INBOX":
            raise
        return _hold(held, account_id, "INBOX")
    held[account_id, name] = mailbox
    return mailbox


def enter(
    insertion: Insertion, message: int, mailbox: LockedMailbox, modseq: int, size: int, flags: int, keywords: str
) -> int:
    """Put a message of the insertion into a locked mailbox; its UID."""
    uid = mailbox.next_uid()
    insertion.add_entry(message, mailbox.id, uid, modseq, flags, keywords)
    mailbox.count(flags, size)
    return uid
