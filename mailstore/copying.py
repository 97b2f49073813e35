"""COPY shares the message rows, MOVE keeps the entry itself: no bytes of a message are ever copied.

Between accounts the message rows are copied, for each account has its own; the contents are shared all the same.
"""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from mailstore import annotating, contents, rights, seen, sql, writer
from mailstore.expunging import bury
from mailstore.flags import SEEN
from mailstore.flags import pack_keywords as pack
from mailstore.flags import unpack_keywords as unpack
from mailstore.locking import LockedMailbox, lock_pair
from mailstore.uid_ranges import pieces

# Messages that MOVE takes in one transaction: it keeps the writer for about 50 ms, then others have their turn. COPY is
# one whatever their number, for RFC 3501 section 6.4.7 wants all or none.
MOVE_BATCH = 2_500

_INSERT = (
    "INSERT INTO mailstore_entry (account_id, mailbox_id, uid, message_id, content_id, flags, keywords, modseq,"
    " internal_date, size, has_attachments, saved_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
_MOVE = (
    "UPDATE mailstore_entry SET mailbox_id = %s, uid = %s, modseq = %s, saved_at = %s"
    " WHERE mailbox_id = %s AND uid = %s"
)
_MOVE_AS_READER = _MOVE.replace(" WHERE", ", flags = %s, keywords = %s WHERE")
_MESSAGE_COLUMNS = (
    "content_id, message_id, sent_at, subject, sender, sender_address, recipients, preview, has_attachments,"
    " envelope, body, bodystructure, structure"
)
_INSERT_MESSAGE = (
    f"INSERT INTO mailstore_message (account_id, thread_id, email_id, {_MESSAGE_COLUMNS})"
    " SELECT %s, CASE thread_id WHEN 0 THEN id ELSE thread_id END, COALESCE(email_id, id),"
    f" {_MESSAGE_COLUMNS} FROM mailstore_message WHERE id = %s"
)


@dataclass(frozen=True, slots=True)
class CopyResult:
    """RFC 4315 COPYUID: the target's UIDVALIDITY, source UIDs ascending, and their target UIDs in that order."""

    uid_validity: int
    source_uids: tuple[int, ...]
    target_uids: tuple[int, ...]


class _Row(NamedTuple):
    """An entry as the acting account sees it; owner_flags as it is stored."""

    uid: int
    message_id: int
    content_id: int
    flags: int
    keywords: str
    internal_date: int
    size: int
    has_attachments: bool
    owner_flags: int


def copy_messages(account_id: int, mailbox_id: int, uids: Sequence[int], target_id: int) -> CopyResult:
    """COPY all or none (RFC 3501 section 6.4.7): flags and internal date are kept, flags as far as the account may set
    them (RFC 4314 section 4). UIDs not there are left out.

    The save date is that of the copy, here and with MOVE (RFC 8514 section 3).
    Raises NoSuchMailbox, NotSelectable, NoPermission, OverQuota, LimitReached, StoreUnavailable.
    """
    return writer.write(partial(copy, account_id, mailbox_id, uids, target_id))


def copy_messages_soon(account_id: int, mailbox_id: int, uids: Sequence[int], target_id: int) -> Future[CopyResult]:
    """The same without waiting; the future has the result when it is durable."""
    return writer.submit(partial(copy, account_id, mailbox_id, uids, target_id))


def move_messages(account_id: int, mailbox_id: int, uids: Sequence[int], target_id: int) -> CopyResult:
    """MOVE (RFC 6851); within one account no quota can refuse it. Many are moved in several transactions: an error says
    that some of them may be moved.

    Raises NoSuchMailbox, NotSelectable, NoPermission, OverQuota, LimitReached, StoreUnavailable.
    """
    return together(list(move_in_pieces(account_id, mailbox_id, uids, target_id)))


def move_in_pieces(account_id: int, mailbox_id: int, uids: Sequence[int], target_id: int) -> Iterator[CopyResult]:
    """The same, a transaction at a time: what was moved before an error is known (RFC 6851 section 3.3)."""
    for piece in pieces(sorted(uids), MOVE_BATCH):
        yield writer.write(partial(move, account_id, mailbox_id, piece, target_id))


def together(results: Sequence[CopyResult]) -> CopyResult:
    """Of several moves to one mailbox; there must be one."""
    if len(results) == 1:
        return results[0]
    sources = tuple(uid for result in results for uid in result.source_uids)
    return CopyResult(results[0].uid_validity, sources, tuple(uid for result in results for uid in result.target_uids))


def copy(account_id: int, source_id: int, uids: Sequence[int], target_id: int) -> CopyResult:
    """The job of copy_messages."""
    source, target = lock_pair(account_id, source_id, target_id, needs=(rights.READ, rights.INSERT))
    rows = _entries(source, uids)
    if not rows:
        return CopyResult(target.uid_validity, (), ())
    return _copy(source, target, rows)


def _copy(source: LockedMailbox, target: LockedMailbox, rows: list[_Row], *, moving: bool = False) -> CopyResult:
    target.check_quota(sum(row.size for row in rows), len(rows))
    annotated = annotating.check_copy(source.id, target, [row.uid for row in rows], moving=moving)
    shown = [_admitted(target, row) for row in rows]
    stored = [row._replace(flags=row.flags & ~SEEN) if target.reader else row for row in shown]
    if target.account_id != source.account_id:
        stored = _with_own_messages(target.account_id, stored)
    entered = _enter(target, stored)
    modseq, now = target.next_modseq(), int(time.time())
    sql.execute_many(
        _INSERT,
        [
            (target.account_id, target.id, uid, row.message_id, row.content_id, row.flags, row.keywords, modseq,
             row.internal_date, row.size, row.has_attachments, now)
            for uid, row in zip(entered, stored, strict=True)
        ],
    )  # fmt: skip
    _keep_seen(target, zip(entered, shown, strict=True), modseq)
    if annotated:
        copies = {uid: new for uid, new in _new_uids(rows, entered).items() if uid in annotated}
        annotating.copy(source.id, target, copies, modseq)
    target.save()
    return CopyResult(target.uid_validity, tuple(row.uid for row in rows), tuple(entered))


def move(account_id: int, source_id: int, uids: Sequence[int], target_id: int) -> CopyResult:
    """The job of move_messages. Its rights are those of STORE, COPY and EXPUNGE (RFC 6851 section 4.2)."""
    leaving = rights.READ | rights.DELETE_MESSAGES | rights.EXPUNGE
    source, target = lock_pair(account_id, source_id, target_id, needs=(leaving, rights.INSERT))
    rows = _entries(source, uids)
    if not rows:
        return CopyResult(target.uid_validity, (), ())
    if source.account_id != target.account_id:
        return _move_between_accounts(source, target, rows)
    shown = [_admitted(target, row) for row in rows]
    stored = [_as_stored(row, kept) for row, kept in zip(rows, shown, strict=True)] if target.reader else rows
    entered = _enter(target, stored)
    modseq, now = target.next_modseq(), int(time.time())
    gone = modseq if source is target else source.next_modseq()
    places = [(target.id, new, modseq, now) for new in entered]
    if target.reader:
        sql.execute_many(_MOVE_AS_READER, [
            (*place, row.flags, row.keywords, source.id, row.uid) for place, row in zip(places, stored, strict=True)
        ])  # fmt: skip
    else:
        sql.execute_many(_MOVE, [(*place, source.id, row.uid) for place, row in zip(places, rows, strict=True)])
    annotating.move(source.id, target, _new_uids(rows, entered), modseq)
    for row in rows:
        source.count(row.owner_flags, row.size, -1)
    _carry_marks(source, target, dict(zip((row.uid for row in rows), entered, strict=True)), modseq)
    bury(source.id, [row.uid for row in rows], gone)
    source.save()
    if source is not target:
        target.save()
    return CopyResult(target.uid_validity, tuple(row.uid for row in rows), tuple(entered))


def _move_between_accounts(source: LockedMailbox, target: LockedMailbox, rows: list[_Row]) -> CopyResult:
    result = _copy(source, target, rows, moving=True)
    uids = [row.uid for row in rows]
    sql.execute(
        f"DELETE FROM mailstore_entry WHERE mailbox_id = %s AND {sql.among('uid')}", (source.id, sql.integers(uids))
    )
    for row in rows:
        source.count(row.owner_flags, row.size, -1)
    seen.take(source, uids)
    bury(source.id, uids, source.next_modseq())
    source.save()
    contents.delete_orphans({row.message_id for row in rows})
    return result


def _new_uids(rows: list[_Row], entered: list[int]) -> dict[int, int]:
    return dict(zip((row.uid for row in rows), entered, strict=True))


def _entries(mailbox: LockedMailbox, uids: Sequence[int]) -> list[_Row]:
    statement = (
        "SELECT e.uid, e.message_id, e.content_id, e.flags, e.keywords, e.internal_date, e.size, e.has_attachments,"
        f" {seen.owner_flags(mailbox.reader)} FROM {seen.entries(mailbox.reader)}"
        f" WHERE e.mailbox_id = %s AND {sql.among('e.uid')} ORDER BY e.uid"
    )
    return [_Row(*row) for row in sql.fetch_all(statement, (mailbox.id, sql.integers(uids)))]


def _admitted(target: LockedMailbox, row: _Row) -> _Row:
    """With the flags that the acting account may set in the target."""
    if target.rights == rights.ALL:
        return row
    mask, keywords = rights.admitted(target.rights, row.flags, unpack(row.keywords))
    return row._replace(flags=mask, keywords=pack(keywords))


def _as_stored(row: _Row, kept: _Row) -> _Row:
    r"""What a reader moves within the owner's mailboxes keeps the owner's \Seen."""
    return kept._replace(flags=kept.flags & ~SEEN | row.owner_flags & SEEN)


def _enter(target: LockedMailbox, rows: list[_Row]) -> list[int]:
    """Count the rows into the target; their new UIDs. The keyword limit does not bind: they were admitted once."""
    target.learn_keywords({word for row in rows for word in row.keywords.split()})
    for row in rows:
        target.count(row.flags, row.size)
    return [target.next_uid() for _ in rows]


def _with_own_messages(account_id: int, rows: list[_Row]) -> list[_Row]:
    """The rows with messages of the account, which are the same mail in the same thread (RFC 8474 section 5)."""
    own = {
        message_id: sql.insert(_INSERT_MESSAGE, (account_id, message_id))
        for message_id in sorted({row.message_id for row in rows})
    }
    return [row._replace(message_id=own[row.message_id]) for row in rows]


def _keep_seen(target: LockedMailbox, entered: "zip[tuple[int, _Row]]", modseq: int) -> None:
    r"""\Seen of the acting account, where it is not the owner's."""
    if target.reader:
        seen.give(target, [(target.reader, uid, SEEN) for uid, row in entered if row.flags & SEEN], modseq)


def _carry_marks(source: LockedMailbox, target: LockedMailbox, entered: dict[int, int], modseq: int) -> None:
    """What others have read stays read where it is moved to; the acting account needs the right to say so."""
    marks = [(account_id, entered[uid], mark) for account_id, uid, mark in seen.take(source, list(entered)) if mark]
    if not target.rights & rights.KEEP_SEEN:
        marks = [mark for mark in marks if mark[0] != target.reader]
    seen.give(target, marks, modseq)
