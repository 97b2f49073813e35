"""APPEND and delivery: new messages into mailboxes."""

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import BinaryIO

from mailformat.summary import MessageSummary
from mailstore import contents, inserting, writer
from mailstore.contents import Prepared
from mailstore.errors import NoSuchMailbox, NotSelectable, StoreError, StoreUnavailable
from mailstore.locking import LockedMailbox, lock_mailbox, lock_mailbox_named


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to store: its wire bytes and what IMAP APPEND may say of it.

    data: bytes, or a binary file (read from its start). internal_date: Unix seconds, None: now.
    summary: given when the caller has computed it already.
    """

    data: bytes | BinaryIO
    flags: int = 0
    keywords: frozenset[str] = frozenset()
    internal_date: int | None = None
    summary: MessageSummary | None = None


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


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of one Target: a place, or the refusal (OverQuota; NoSuchMailbox for a deleted account)."""

    target: Target
    mailbox_id: int = 0
    uid: int = 0
    error: StoreError | None = None


def append_messages(account_id: int, mailbox_id: int, messages: Sequence[NewMessage]) -> AppendResult:
    """Append all messages or none (RFC 3502); durable on return.

    Raises NoSuchMailbox, NotSelectable, OverQuota, LimitReached, StoreUnavailable.
    """
    prepared = [_prepare(message) for message in messages]

    def job() -> AppendResult:
        mailbox = lock_mailbox(account_id, mailbox_id)
        mailbox.check_quota(sum(each.size for each in prepared), len(prepared))
        packed = [mailbox.admit_keywords(each.keywords) if each.keywords else "" for each in prepared]
        modseq = mailbox.next_modseq()
        uids = []
        for each, keywords in zip(prepared, packed, strict=True):
            content_id = inserting.store_content(each)
            message_row = inserting.store_message(account_id, content_id, each)
            uids.append(_enter(mailbox, modseq, message_row, content_id, each, each.flags, keywords))
        mailbox.save()
        return AppendResult(mailbox.uid_validity, tuple(uids))

    return writer.write(job)


def deliver(targets: Sequence[Target], message: NewMessage) -> "Future[list[Delivered]]":
    """Deliver one message to all targets in one commit: one content, one Delivered for each target in order.

    A target over quota does not hinder the others. The future resolves when the commit is durable, or fails
    with StoreUnavailable, and then nothing was delivered. Call it from a thread that may wait for the disk:
    a long body is written as a blob before it returns.
    """
    future: Future[list[Delivered]]
    try:
        prepared = _prepare(message)
    except StoreUnavailable as error:
        future = Future()
        future.set_exception(error)
        return future
    return writer.submit(lambda: _deliver(list(targets), prepared))


def _prepare(message: NewMessage) -> Prepared:
    data = message.data
    if not isinstance(data, bytes):
        data.seek(0)
        data = data.read()
    return contents.prepare(data, message.flags, message.keywords, message.internal_date, message.summary)


def _deliver(targets: list[Target], prepared: Prepared) -> list[Delivered]:
    """The job of deliver(). Accounts are locked in the order of their ids."""
    done: dict[int, Delivered] = {}
    content_id = 0
    message_rows: dict[int, int] = {}
    for index in sorted(range(len(targets)), key=lambda i: targets[i].account_id):
        target = targets[index]
        try:
            mailbox = _lock_target(target)
            mailbox.check_quota(prepared.size, 1)
            words = target.keywords | prepared.keywords
            keywords = mailbox.admit_keywords(words) if words else ""
        except StoreUnavailable:
            raise
        except StoreError as error:
            done[index] = Delivered(target, error=error)
            continue
        content_id = content_id or inserting.store_content(prepared)
        account_id = target.account_id
        if account_id not in message_rows:
            message_rows[account_id] = inserting.store_message(account_id, content_id, prepared)
        flags = target.flags | prepared.flags
        uid = _enter(mailbox, mailbox.next_modseq(), message_rows[account_id], content_id, prepared, flags, keywords)
        mailbox.save()
        done[index] = Delivered(target, mailbox.id, uid)
    return [done[index] for index in range(len(targets))]


def _lock_target(target: Target) -> LockedMailbox:
    try:
        return lock_mailbox_named(target.account_id, target.mailbox_name)
    except (NoSuchMailbox, NotSelectable):
        if target.mailbox_name == "INBOX":
            raise
        return lock_mailbox_named(target.account_id, "INBOX")


def _enter(
    mailbox: LockedMailbox,
    modseq: int,
    message_row: int,
    content_id: int,
    prepared: Prepared,
    flags: int,
    keywords: str,
) -> int:
    """Put a stored message into a locked mailbox; its UID."""
    uid = mailbox.next_uid()
    inserting.store_entry(
        mailbox.account_id, mailbox.id, uid, modseq, message_row, content_id, prepared, flags, keywords
    )
    mailbox.count(flags, prepared.size)
    return uid
