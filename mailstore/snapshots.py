"""What a session reads of a mailbox: the whole at SELECT, then what changed since."""

from array import array
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import Any, NamedTuple

from mailstore import rights, seen, sql, writer
from mailstore.errors import HistoryForgotten, NoSuchMailbox, NotSelectable, StoreUnavailable
from mailstore.flags import SEEN, is_unset, unpack_keywords
from mailstore.mailbox_info import MailboxInfo, get_mailbox_by_id
from mailstore.uid_lists import list_uids

_FIRST_UNSEEN = (
    f"SELECT e.uid FROM {{entries}} WHERE e.mailbox_id = %s AND {is_unset(SEEN)} AND e.uid < %s ORDER BY e.uid LIMIT 1"
)
_RECENT = (
    "SELECT m.recent_uid, m.uid_next FROM mailstore_mailbox m JOIN mailstore_usage u ON u.account_id = m.account_id"
    " WHERE m.id = %s"
)
_STATE = "SELECT highest_modseq, uid_next FROM mailstore_mailbox WHERE id = %s"
# One statement, for it sees one moment of the database: read apart, a message that arrived and one that was
# flagged in between could be told in the wrong order. The first column says which table a row is from.
_STATE_ROW = "SELECT 0, highest_modseq, uid_next, '', forgotten_modseq FROM mailstore_mailbox WHERE id = %s"
_GONE_ROWS = " UNION ALL SELECT 2, modseq, uid, '', 0 FROM mailstore_tombstone WHERE mailbox_id = %s AND modseq > %s"
_CHANGES = (
    f"{_STATE_ROW} UNION ALL SELECT 1, modseq, uid, keywords, flags FROM mailstore_entry"
    f" WHERE mailbox_id = %s AND modseq > %s{_GONE_ROWS}"
)
# For the reader of another's mailbox also what it has marked; by both indexes, for the MODSEQ of an entry as the
# reader sees it has none.
_READER_CHANGES = (
    f"{_STATE_ROW} UNION ALL SELECT 1, e.modseq, e.uid, e.keywords, e.flags FROM {{entries}} WHERE e.mailbox_id = %s"
    " AND e.uid IN (SELECT uid FROM mailstore_entry WHERE mailbox_id = %s AND modseq > %s UNION"
    f" SELECT uid FROM mailstore_seenmark WHERE mailbox_id = %s AND account_id = %s AND modseq > %s){_GONE_ROWS}"
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    r"""A mailbox at one moment.

    uids ascend, 8 octets each; len(uids) is the number to announce. UIDs from recent_from on are \Recent
    to this session (RFC 3501 section 2.3.2). The next changes_since() starts from info.highest_modseq.
    """

    info: MailboxInfo
    uids: "array[int]"
    first_unseen_uid: int | None
    recent_from: int


class FlagState(NamedTuple):
    """Flags, keywords and MODSEQ of one message; made by the thousand, and a tuple is made three times as fast."""

    uid: int
    flags: int
    keywords: frozenset[str]
    modseq: int


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed after a MODSEQ: `changed` ascends and has new messages too; `vanished` ascends."""

    modseq: int
    uid_next: int
    changed: list[FlagState]
    vanished: list[int]


def snapshot(account_id: int, mailbox_id: int, *, take_recent: bool) -> Snapshot:
    r"""The mailbox for SELECT (take_recent: \Recent is taken away from later sessions) or EXAMINE.

    Raises NoSuchMailbox, NotSelectable, NoPermission.
    """
    info = get_mailbox_by_id(account_id, mailbox_id)
    rights.require(info.rights, rights.READ)
    if not info.selectable:
        raise NotSelectable(f"mailbox {mailbox_id} holds no messages")
    recent_from = info.recent_uid
    if take_recent and recent_from < info.uid_next:
        # A full disk keeps nobody from reading: then a later session sees the messages as \Recent too.
        with suppress(StoreUnavailable):
            recent_from = claim_recent(mailbox_id)
        info = get_mailbox_by_id(account_id, mailbox_id)
    return snapshot_of(info, recent_from)


def snapshot_of(info: MailboxInfo, recent_from: int) -> Snapshot:
    """The rest of the snapshot of a mailbox just read."""
    uids = list_uids(info) if info.messages else array("Q")
    first = _FIRST_UNSEEN.format(entries=seen.entries(info.reader))
    unseen = sql.fetch_one(first, (info.id, info.uid_next)) if info.unseen else None
    return Snapshot(info, uids, unseen[0] if unseen else None, recent_from)


def claim_recent(mailbox_id: int) -> int:
    r"""Take \Recent for the calling session: its messages are those from the given UID on."""
    return writer.write(partial(_claim, mailbox_id))


def claim_recent_soon(mailbox_id: int, uid_next: int) -> None:
    r"""Take \Recent below uid_next away from later sessions, without waiting for the disk: who idles wants to hear of
    the message. Of many sessions that ask at the same time one writes. A session that selects the mailbox before the
    commit sees it as well, as RFC 3501 section 2.3.2 allows.
    """
    if _claims.get(mailbox_id, 0) >= uid_next:
        return
    taken = sql.fetch_one("SELECT recent_uid FROM mailstore_mailbox WHERE id = %s", (mailbox_id,))
    if taken is None or taken[0] >= uid_next:
        return
    _claims[mailbox_id] = uid_next
    try:
        written = writer.submit(partial(_claim, mailbox_id))
    except StoreUnavailable:
        _claims.pop(mailbox_id, None)  # the next session that looks tries again
    else:
        written.add_done_callback(lambda _: _claims.pop(mailbox_id, None))


_claims: dict[int, int] = {}  # mailbox id -> UIDNEXT of the claim that is on its way to the disk


def _claim(mailbox_id: int) -> int:
    found = sql.fetch_one(_RECENT + sql.for_update("u, m"), (mailbox_id,))
    if found is None:
        raise NoSuchMailbox(f"no mailbox {mailbox_id}")
    if found[0] < found[1]:
        sql.execute("UPDATE mailstore_mailbox SET recent_uid = uid_next WHERE id = %s", (mailbox_id,))
    return found[0]


def changes_since(mailbox_id: int, modseq: int, reader: int = 0) -> Changes:
    """Everything with a higher MODSEQ (RFC 7162), of one moment; reader: as in MailboxInfo.

    Raises NoSuchMailbox when the mailbox is gone, HistoryForgotten for a MODSEQ that is too long ago.
    """
    state = sql.fetch_one(_STATE, (mailbox_id,))
    if state is not None and state[0] <= modseq:
        return Changes(state[0], state[1], [], [])
    # Sorted here: asked to, SQLite would walk the whole index on the UID instead of that on the MODSEQ.
    rows = sorted(_reader_changes(mailbox_id, modseq, reader) if reader else _all_changes(mailbox_id, modseq))
    if not rows or rows[0][0] != 0:
        raise NoSuchMailbox(f"no mailbox {mailbox_id}")
    _, highest, uid_next, _, forgotten = rows[0]
    if modseq < forgotten:
        raise HistoryForgotten(f"what went from mailbox {mailbox_id} before MODSEQ {forgotten} is forgotten")
    changed = [FlagState(uid, flags, unpack_keywords(words), at) for kind, at, uid, words, flags in rows if kind == 1]
    changed.sort(key=attrgetter("uid"))
    return Changes(highest, uid_next, changed, sorted(row[2] for row in rows if row[0] == 2))


def _all_changes(mailbox_id: int, modseq: int) -> list[tuple[Any, ...]]:
    return sql.fetch_all(_CHANGES, (mailbox_id, mailbox_id, modseq, mailbox_id, modseq))


def _reader_changes(mailbox_id: int, modseq: int, reader: int) -> list[tuple[Any, ...]]:
    since = (mailbox_id, modseq)
    return sql.fetch_all(
        _READER_CHANGES.format(entries=seen.entries(reader)),
        (mailbox_id, mailbox_id, *since, mailbox_id, reader, modseq, *since),
    )
