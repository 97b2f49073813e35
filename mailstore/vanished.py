"""What is needed to bring an old copy of a mailbox up to date (RFC 7162): what went, what changed, since a MODSEQ.

Each answer is one statement, for it sees one moment of the database.
"""

from array import array
from collections.abc import Sequence

from mailstore import seen, sql
from mailstore.errors import NoSuchMailbox
from mailstore.flags import unpack_keywords
from mailstore.snapshots import Changes, FlagState

_VANISHED = (
    "SELECT 0, forgotten_modseq FROM mailstore_mailbox WHERE id = %s"
    " UNION ALL SELECT 1, uid FROM mailstore_tombstone WHERE mailbox_id = %s AND modseq > %s"
)
_CHANGED = "SELECT uid FROM mailstore_entry WHERE mailbox_id = %s AND modseq > %s"
_MARKED = " UNION SELECT uid FROM mailstore_seenmark WHERE mailbox_id = %s AND account_id = %s AND modseq > %s"
_WHOLE = (
    "SELECT 0, highest_modseq, uid_next, '', 0 FROM mailstore_mailbox WHERE id = %s"
    " UNION ALL SELECT 1, e.modseq, e.uid, e.keywords, e.flags FROM {entries} WHERE e.mailbox_id = %s"
)


def vanished_since(mailbox_id: int, modseq: int) -> "array[int] | None":
    """UIDs that were expunged after the MODSEQ, ascending; None: the tombstones of that time are forgotten.

    Raises NoSuchMailbox.
    """
    rows = sql.fetch_all(_VANISHED, (mailbox_id, mailbox_id, modseq))
    forgotten = [value for kind, value in rows if kind == 0]
    if not forgotten:
        raise NoSuchMailbox(f"no mailbox {mailbox_id}")
    if modseq < forgotten[0]:
        return None
    return array("Q", sorted(value for kind, value in rows if kind == 1))


def changed_since(mailbox_id: int, modseq: int, reader: int = 0) -> "array[int]":
    """UIDs of the messages with a higher MODSEQ, ascending: by the index, whatever the mailbox's size.

    reader: as in MailboxInfo.
    """
    if not reader:
        rows = sql.fetch_all(_CHANGED, (mailbox_id, modseq))
    else:
        rows = sql.fetch_all(_CHANGED + _MARKED, (mailbox_id, modseq, mailbox_id, reader, modseq))
    return array("Q", sorted(row[0] for row in rows))


def changes_against(mailbox_id: int, modseq: int, uids: Sequence[int], reader: int = 0) -> Changes:
    """changes_since() where the tombstones are forgotten: what of `uids` (ascending) is no longer there has vanished.

    It reads the whole mailbox. Raises NoSuchMailbox.
    """
    rows = sql.fetch_all(_WHOLE.format(entries=seen.entries(reader)), (mailbox_id, mailbox_id))
    heads = [row for row in rows if row[0] == 0]
    if not heads:
        raise NoSuchMailbox(f"no mailbox {mailbox_id}")
    there = sorted((uid, flags, words, at) for kind, at, uid, words, flags in rows if kind == 1)
    changed = [FlagState(uid, flags, unpack_keywords(words), at) for uid, flags, words, at in there if at > modseq]
    known = {row[0] for row in there}
    return Changes(heads[0][1], heads[0][2], changed, [uid for uid in uids if uid not in known])
