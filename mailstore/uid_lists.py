"""The UIDs of large mailboxes, kept in memory: a SELECT then reads only what came and went since the last one.

What is kept belongs to a MODSEQ. Any change of the list has a higher one, so that it can be told from the
mailbox row whether it is still right, and from the tombstones what to take away.
"""

import threading
from array import array
from bisect import bisect_left
from collections import OrderedDict
from typing import NamedTuple

from mailstore import sql
from mailstore.mailbox_info import MailboxInfo

MIN_KEPT = 1_000  # UIDs; fewer are read in less than half a millisecond
MAX_KEPT_BYTES = 64 * 1024 * 1024  # of all lists of this process: 8 million UIDs
FEW = 64  # UIDs that went: so many are taken out one by one

_UIDS = "SELECT uid FROM mailstore_entry WHERE mailbox_id = %s AND uid >= %s AND uid < %s ORDER BY uid"
_VANISHED = (
    "SELECT 0, forgotten_modseq FROM mailstore_mailbox WHERE id = %s"
    " UNION ALL SELECT uid, 0 FROM mailstore_tombstone WHERE mailbox_id = %s AND modseq > %s"
)


class _Kept(NamedTuple):
    modseq: int
    uid_next: int
    uids: "array[int]"  # never changed once it is kept


class UidLists:
    """The lists of one process, those that were not asked for the longest dropped first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lists: OrderedDict[tuple[int, int], _Kept] = OrderedDict()
        self._bytes = 0

    def get(self, info: MailboxInfo) -> "array[int]":
        """The UIDs below info.uid_next, ascending, without what was expunged since; the caller's own."""
        key = info.id, info.uid_validity
        with self._lock:
            kept = self._lists.get(key)
            if kept is not None and kept.modseq == info.highest_modseq:
                self._lists.move_to_end(key)
                return kept.uids[:]
        if kept is None or kept.modseq > info.highest_modseq:
            uids = array("Q", _read(info, 0))
        else:
            uids = _brought_up(kept, info)
        if len(uids) >= MIN_KEPT:
            self._keep(key, _Kept(info.highest_modseq, info.uid_next, uids[:]))
        return uids

    def _keep(self, key: tuple[int, int], new: _Kept) -> None:
        with self._lock:
            old = self._lists.pop(key, None)
            if old is not None and old.modseq >= new.modseq:
                new, old = old, None  # another thread knows more, or the same
            else:
                self._bytes += _size(new)
            self._lists[key] = new
            if old is not None:
                self._bytes -= _size(old)
            while self._bytes > MAX_KEPT_BYTES:
                self._bytes -= _size(self._lists.popitem(last=False)[1])


def _read(info: MailboxInfo, first: int) -> list[int]:
    return [row[0] for row in sql.fetch_all(_UIDS, (info.id, first, info.uid_next))]


def _brought_up(kept: _Kept, info: MailboxInfo) -> "array[int]":
    rows = sql.fetch_all(_VANISHED, (info.id, info.id, kept.modseq))
    if any(forgotten > kept.modseq for _, forgotten in rows):
        return array("Q", _read(info, 0))
    uids = kept.uids[:]
    uids.extend(_read(info, kept.uid_next))
    gone = {uid for uid, _ in rows}
    if len(gone) > FEW:
        return array("Q", [uid for uid in uids if uid not in gone])
    for uid in gone:
        at = bisect_left(uids, uid)
        if at < len(uids) and uids[at] == uid:
            del uids[at]
    return uids


def _size(kept: _Kept) -> int:
    return len(kept.uids) * kept.uids.itemsize


list_uids = UidLists().get
