"""EXPUNGE and deletion: the entries go, tombstones stay (RFC 7162), orphaned messages and contents follow."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from mailstore import annotating, contents, rights, seen, sql, writer
from mailstore.flags import DELETED, is_set
from mailstore.locking import lock_mailbox
from mailstore.uid_ranges import among_uids, pieces

# Tombstones of one mailbox, beside those of its last expunge: megabytes, and years of most people's mail. Who was
# away for longer compares the whole list of UIDs (RFC 7162 section 5.1 lets a server forget).
MAX_TOMBSTONES = 100_000
TRIM_EVERY = 1_024  # a UID that this divides, when it goes, is the time to look: the look walks MAX_TOMBSTONES

_DELETE = "DELETE FROM mailstore_entry WHERE mailbox_id = %s AND {} RETURNING uid, message_id, flags, size"
_MARKED = is_set(DELETED)
_SELECT_MARKED = f"SELECT uid FROM mailstore_entry WHERE mailbox_id = %s AND {_MARKED} ORDER BY uid"

# Messages of one transaction: it keeps the writer for about 50 ms, then a delivery has its turn.
BATCH = 1_000


def expunge(account_id: int, mailbox_id: int, uids: Sequence[int] | None = None) -> list[int]:
    r"""Remove the messages marked \Deleted, of these UIDs only if given (RFC 4315 UID EXPUNGE); UIDs ascending.

    Many are removed in several transactions: an error says that some of them may be gone, as RFC 3501 section 6.4.3
    allows. Raises NoSuchMailbox, NotSelectable, NoPermission, StoreUnavailable.
    """
    return [uid for piece in expunge_in_pieces(account_id, mailbox_id, uids) for uid in piece]


def expunge_in_pieces(account_id: int, mailbox_id: int, uids: Sequence[int] | None = None) -> Iterator[list[int]]:
    """The same, a transaction at a time: what each removed."""
    marked = _marked_uids(mailbox_id)
    wanted = marked if uids is None else sorted(set(marked).intersection(uids))
    return _in_pieces(partial(_delete, account_id, mailbox_id, _MARKED + " AND ", rights.EXPUNGE), wanted)


def delete_messages(
    account_id: int, mailbox_id: int, uids: Sequence[int], *, check: Callable[[], None] = lambda: None
) -> list[int]:
    """Remove these messages for ever, whatever their flags (POP3 DELE, the webmail); the UIDs that were there.

    Many are removed in several transactions; check is called in each, behind the lock, and ends the work if it raises.
    Raises NoSuchMailbox, NotSelectable, NoPermission, StoreUnavailable.
    """
    delete = partial(_delete, account_id, mailbox_id, "", rights.DELETE_MESSAGES | rights.EXPUNGE, check=check)
    return [uid for piece in _in_pieces(delete, sorted(uids)) for uid in piece]


def _in_pieces(delete: Callable[[Sequence[int]], list[int]], uids: list[int]) -> Iterator[list[int]]:
    return (writer.write(partial(delete, piece)) for piece in pieces(uids, BATCH))


def _marked_uids(mailbox_id: int) -> list[int]:
    r"""Those marked \Deleted, ascending; by the running total first, for an EXPUNGE or CLOSE with nothing to do must
    not walk the mailbox. Whose they are is asked when they are to go."""
    found = sql.fetch_one("SELECT total_deleted FROM mailstore_mailbox WHERE id = %s", (mailbox_id,))
    if not found or not found[0]:
        return []
    return [row[0] for row in sql.fetch_all(_SELECT_MARKED, (mailbox_id,))]


def _delete(
    account_id: int, mailbox_id: int, condition: str, needs: int, uids: Sequence[int],
    *, check: Callable[[], None] = lambda: None,
) -> list[int]:  # fmt: skip
    mailbox = lock_mailbox(account_id, mailbox_id, needs=needs)
    check()
    if not uids:
        return []
    among, parameters = among_uids(uids)
    rows = sorted(sql.fetch_all(_DELETE.format(condition + among), (mailbox_id, *parameters)))
    if not rows:
        return []
    for _, _, flags, size in rows:
        mailbox.count(flags, size, -1)
    gone = [row[0] for row in rows]
    seen.take(mailbox, gone)
    bury(mailbox_id, gone, mailbox.next_modseq())
    mailbox.save()
    contents.delete_orphans({row[1] for row in rows})
    return gone


def bury(mailbox_id: int, uids: Sequence[int], modseq: int) -> None:
    """Leave tombstones, and no annotations."""
    annotating.remove(mailbox_id, uids)
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
