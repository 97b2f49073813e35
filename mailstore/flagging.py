"""STORE: flags and keywords of messages (RFC 3501 section 6.4.6, RFC 7162 section 3.1.3)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from mailstore import flags as bits
from mailstore import rights, seen, sql, writer
from mailstore.flags import DELETED, SEEN, pack_keywords, unpack_keywords
from mailstore.locking import LockedMailbox, lock_mailbox
from mailstore.snapshots import FlagState

StoreMode = Literal["add", "remove", "replace"]
_Row = tuple[int, int, str, int]  # uid, flags, keywords, modseq


@dataclass(frozen=True, slots=True)
class StoreResult:
    """changed: the state of every message asked for and found but those in `modified`, ascending UID, also
    where nothing had to change; modified: UIDs that UNCHANGEDSINCE refused; modseq: the mailbox's highest;
    own_modseq: that of this change, 0 when nothing had to change."""

    changed: list[FlagState]
    modified: list[int]
    modseq: int
    own_modseq: int = 0


def store_flags(
    account_id: int, mailbox_id: int, uids: Sequence[int], mode: StoreMode, flags: int,
    keywords: frozenset[str] = frozenset(), unchanged_since: int | None = None,
) -> StoreResult:  # fmt: skip
    """Add, remove or replace flags (mailstore.flags bits) and keywords. UIDs that are not there are left out.

    unchanged_since: messages with a higher MODSEQ are refused (RFC 7162). Of the flags those are changed that the
    account has the right to (RFC 4314 section 4). Raises NoSuchMailbox, NotSelectable, LimitReached, StoreUnavailable,
    NoPermission where it has the right to none of them.
    """
    return writer.write(lambda: _store(account_id, mailbox_id, uids, mode, flags, keywords, unchanged_since))


def _store(
    account_id: int, mailbox_id: int, uids: Sequence[int], mode: StoreMode, flags: int,
    keywords: frozenset[str], unchanged_since: int | None,
) -> StoreResult:  # fmt: skip
    mailbox = lock_mailbox(account_id, mailbox_id)
    flags, keywords = _admitted(mailbox, mode, flags, keywords)
    words = frozenset(mailbox.admit_keywords(keywords).split()) if keywords and mode != "remove" else keywords
    rows = sql.fetch_all(
        f"SELECT e.uid, e.flags, e.keywords, e.modseq FROM {seen.entries(mailbox.reader)}"
        f" WHERE e.mailbox_id = %s AND {sql.among('e.uid')} ORDER BY e.uid",
        (mailbox_id, sql.integers(uids)),
    )
    limit = mailbox.modseq if unchanged_since is None else unchanged_since
    modified = [row[0] for row in rows if row[3] > limit]
    states: list[_Row] = []
    groups: dict[tuple[int, str], list[int]] = defaultdict(list)
    marks: dict[int, list[int]] = defaultdict(list)
    private = SEEN if mailbox.reader else 0  # what is the acting account's own
    modseq = mailbox.modseq + 1
    for uid, old_flags, old_keywords, at in rows:
        if at > limit:
            continue
        new_flags, new_keywords = _combine(mode, old_flags, old_keywords, flags, words, mailbox.rights)
        if (new_flags, new_keywords) != (old_flags, old_keywords):
            if (new_flags ^ old_flags) & private:
                marks[new_flags & SEEN].append(uid)
            if (new_flags | private, new_keywords) != (old_flags | private, old_keywords):
                groups[new_flags & ~private, new_keywords].append(uid)
            _count(mailbox, old_flags | private, new_flags | private)
            at = modseq
        states.append((uid, new_flags, new_keywords, at))
    if groups or marks:
        _update(mailbox, groups, marks)
    return StoreResult(_states(states), modified, mailbox.modseq, mailbox.modseq if groups or marks else 0)


def _admitted(
    mailbox: LockedMailbox, mode: StoreMode, flags: int, keywords: frozenset[str]
) -> tuple[int, frozenset[str]]:
    """What of it the account may change. To replace is to name all of them."""
    if mailbox.rights == rights.ALL:
        return flags, keywords
    if mode == "replace":
        rights.require_flags(mailbox.rights, bits.ALL, keywords=True)
    else:
        rights.require_flags(mailbox.rights, flags, keywords=bool(keywords))
    return rights.admitted(mailbox.rights, flags, keywords)


def _combine(
    mode: StoreMode, old: int, old_keywords: str, flags: int, keywords: frozenset[str], mine: int
) -> tuple[int, str]:
    """The new flags and packed keywords of one message; mine: the rights of who changes them."""
    if mode == "replace":
        if mine == rights.ALL:
            return flags, pack_keywords(keywords)
        kept = old & ~rights.settable(mine)
        return flags | kept, pack_keywords(keywords) if mine & rights.WRITE else old_keywords
    if mode == "add":
        return old | flags, pack_keywords({*old_keywords.split(), *keywords}) if keywords else old_keywords
    if keywords and old_keywords:
        dropped = {word.lower() for word in keywords}
        old_keywords = pack_keywords(word for word in old_keywords.split() if word.lower() not in dropped)
    return old & ~flags, old_keywords


def _count(mailbox: LockedMailbox, old: int, new: int) -> None:
    mailbox.unseen += bool(old & SEEN) - bool(new & SEEN)
    mailbox.deleted += bool(new & DELETED) - bool(old & DELETED)


def _update(mailbox: LockedMailbox, groups: dict[tuple[int, str], list[int]], marks: dict[int, list[int]]) -> None:
    """One UPDATE for all messages that get the same state: a STORE 1:* is a handful of statements."""
    modseq = mailbox.next_modseq()
    own = f"(flags & {SEEN}) | %s" if mailbox.reader else "%s"  # a reader leaves \Seen as its owner has it
    for (flags, keywords), uids in groups.items():
        sql.execute(
            f"UPDATE mailstore_entry SET flags = {own}, keywords = %s, modseq = %s"
            f" WHERE mailbox_id = %s AND {sql.among('uid')}",
            (flags, keywords, modseq, mailbox.id, sql.integers(uids)),
        )
    for mark, uids in marks.items():
        seen.set_marks(mailbox, uids, mark, modseq)
    mailbox.save()


def _states(rows: Iterable[_Row]) -> list[FlagState]:
    return [FlagState(uid, flags, unpack_keywords(keywords), modseq) for uid, flags, keywords, modseq in rows]
