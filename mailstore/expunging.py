"""EXPUNGE and deletion: the entries go, tombstones stay (RFC 7162), orphaned messages and contents follow."""

from collections.abc import Sequence
from typing import Any

from mailstore import contents, rights, seen, sql, writer
from mailstore.flags import DELETED, is_set
from mailstore.locking import lock_mailbox

# Tombstones of one mailbox, beside those of its last expunge: megabytes, and years of most people's mail. Who was
# away for longer compares the whole list of UIDs (RFC 7162 section 5.1 lets a server forget).
MAX_TOMBSTONES = 100_000
TRIM_EVERY = 1_024  # a UID that this divides, when it goes, is the time to look: the look walks MAX_TOMBSTONES

_DELETE = "DELETE FROM mailstore_entry WHERE mailbox_id = %s AND {} RETURNING uid, message_id, flags, size"
_MARKED = is_set(DELETED)


def expunge(account_id: int, mailbox_id: int, uids: Sequence[int] | None = None) -> list[int]:
    r"""Remove the messages marked \Deleted, of these UIDs only if given (RFC 4315 UID EXPUNGE); UIDs ascending.

    Raises NoSuchMailbox, NotSelectable, NoPermission, StoreUnavailable.
    """
    if uids is None:
        return writer.write(lambda: _delete(account_id, mailbox_id, _MARKED, ()))
    condition = f"{_MARKED} AND {sql.among('uid')}"
    return writer.write(lambda: _delete(account_id, mailbox_id, condition, (sql.integers(uids),)))


def delete_messages(account_id: int, mailbox_id: int, uids: Sequence[int]) -> list[int]:
    """Remove these messages for ever, whatever their flags (POP3 DELE, the webmail); the UIDs that were there.

    Raises NoSuchMailbox, NotSelectable, NoPermission, StoreUnavailable.
    """
    needs = rights.DELETE_MESSAGES | rights.EXPUNGE
    return writer.write(lambda: _delete(account_id, mailbox_id, sql.among("uid"), (sql.integers(uids),), needs))


def _delete(
    account_id: int, mailbox_id: int, condition: str, parameters: tuple[Any, ...], needs: int = rights.EXPUNGE
) -> list[int]:
    mailbox = lock_mailbox(account_id, mailbox_id, needs=needs)
    if condition is _MARKED and not _any_marked(mailbox_id):
        return []
    rows = sorted(sql.fetch_all(_DELETE.format(condition), (mailbox_id, *parameters)))
    if not rows:
        return []
    for _, _, flags, size in rows:
        mailbox.count(flags, size, -1)
    uids = [row[0] for row in rows]
    seen.take(mailbox, uids)
    bury(mailbox_id, uids, mailbox.next_modseq())
    mailbox.save()
    contents.delete_orphans({row[1] for row in rows})
    return uids


def _any_marked(mailbox_id: int) -> bool:
    """By the running total: an EXPUNGE or CLOSE with nothing to do must not walk the mailbox."""
    found = sql.fetch_one("SELECT total_deleted FROM mailstore_mailbox WHERE id = %s", (mailbox_id,))
    return bool(found and found[0])


def bury(mailbox_id: int, uids: Sequence[int], modseq: int) -> None:
    """Leave tombstones."""
    sql.execute_many(
        "INSERT INTO mailstore_tombstone (mailbox_id, uid, modseq) VALUES (%s, %s, %s)",
        [(mailbox_id, uid, modseq) for uid in uids],
    )
    if any(uid % TRIM_EVERY == 0 for uid in uids):
        _forget(mailbox_id)


def _forget(mailbox_id: int) -> None:
    """Drop the oldest tombstones above the limit; those of one expunge stay or go together."""
    oldest = sql.fetch_one(
        "SELECT modseq FROM mailstore_tombstone WHERE mailbox_id = %s ORDER BY modseq DESC LIMIT 1 OFFSET %s",
        (mailbox_id, MAX_TOMBSTONES),
    )
    if oldest is not None:
        modseq = oldest[0] - 1
        sql.execute("DELETE FROM mailstore_tombstone WHERE mailbox_id = %s AND modseq <= %s", (mailbox_id, modseq))
        sql.execute("UPDATE mailstore_mailbox SET forgotten_modseq = %s WHERE id = %s", (modseq, mailbox_id))
