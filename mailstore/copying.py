"""COPY shares the message rows, MOVE keeps the entry itself: no bytes of a message are ever copied."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mailstore import sql, writer
from mailstore.expunging import bury
from mailstore.locking import LockedMailbox, lock_pair

_ENTRIES = (
    "SELECT uid, message_id, content_id, flags, keywords, internal_date, size, has_attachments FROM mailstore_entry"
    " WHERE mailbox_id = %s AND "
)
_INSERT = (
    "INSERT INTO mailstore_entry (account_id, mailbox_id, uid, message_id, content_id, flags, keywords, modseq,"
    " internal_date, size, has_attachments) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
_MOVE = "UPDATE mailstore_entry SET mailbox_id = %s, uid = %s, modseq = %s WHERE mailbox_id = %s AND uid = %s"


@dataclass(frozen=True, slots=True)
class CopyResult:
    """RFC 4315 COPYUID: the target's UIDVALIDITY, source UIDs ascending, and their target UIDs in that order."""

    uid_validity: int
    source_uids: tuple[int, ...]
    target_uids: tuple[int, ...]


def copy_messages(account_id: int, mailbox_id: int, uids: Sequence[int], target_id: int) -> CopyResult:
    """COPY all or none (RFC 3501 section 6.4.7): flags and internal date are kept. UIDs not there are left out.

    Raises NoSuchMailbox, NotSelectable, OverQuota, StoreUnavailable.
    """
    return writer.write(lambda: copy(account_id, mailbox_id, uids, target_id))


def move_messages(account_id: int, mailbox_id: int, uids: Sequence[int], target_id: int) -> CopyResult:
    """MOVE (RFC 6851), atomic; within one account, so that no quota can refuse it.

    Raises NoSuchMailbox, NotSelectable, StoreUnavailable.
    """
    return writer.write(lambda: move(account_id, mailbox_id, uids, target_id))


def copy(account_id: int, source_id: int, uids: Sequence[int], target_id: int) -> CopyResult:
    """The job of copy_messages."""
    _, target = lock_pair(account_id, source_id, target_id)
    rows = _entries(source_id, uids)
    if not rows:
        return CopyResult(target.uid_validity, (), ())
    target.check_quota(sum(row[6] for row in rows), len(rows))
    entered = _enter(target, rows)
    modseq = target.next_modseq()
    sql.execute_many(
        _INSERT,
        [
            (account_id, target.id, new_uid, message_row, content_id, flags, keywords, modseq, *unchanging)
            for new_uid, (_, message_row, content_id, flags, keywords, *unchanging) in zip(entered, rows, strict=True)
        ],
    )
    target.save()
    return CopyResult(target.uid_validity, tuple(row[0] for row in rows), tuple(entered))


def move(account_id: int, source_id: int, uids: Sequence[int], target_id: int) -> CopyResult:
    """The job of move_messages."""
    source, target = lock_pair(account_id, source_id, target_id)
    rows = _entries(source_id, uids)
    if not rows:
        return CopyResult(target.uid_validity, (), ())
    entered = _enter(target, rows)
    modseq = target.next_modseq()
    gone = modseq if source is target else source.next_modseq()
    moves = [(target.id, new_uid, modseq, source.id, row[0]) for new_uid, row in zip(entered, rows, strict=True)]
    sql.execute_many(_MOVE, moves)
    for row in rows:
        source.count(row[3], row[6], -1)
    bury(source.id, [row[0] for row in rows], gone)
    source.save()
    if source is not target:
        target.save()
    return CopyResult(target.uid_validity, tuple(row[0] for row in rows), tuple(entered))


def _entries(mailbox_id: int, uids: Sequence[int]) -> list[tuple[Any, ...]]:
    return sql.fetch_all(_ENTRIES + sql.among("uid") + " ORDER BY uid", (mailbox_id, sql.integers(uids)))


def _enter(target: LockedMailbox, rows: list[tuple[Any, ...]]) -> list[int]:
    """Count the rows into the target; their new UIDs. The keyword limit does not bind: they were admitted once."""
    target.learn_keywords({word for row in rows for word in row[4].split()})
    for row in rows:
        target.count(row[3], row[6])
    return [target.next_uid() for _ in rows]
