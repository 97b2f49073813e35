"""STORE: flags and keywords of messages (RFC 3501 section 6.4.6, RFC 7162 section 3.1.3)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from mailstore import flags as bits
from mailstore import rights, seen, sql, writer
from mailstore.flags import DELETED, SEEN, pack_keywords, unpack_keywords
from mailstore.locking import LockedMailbox, lock_mailbox
from mailstore.snapshots import FlagState
from mailstore.uid_ranges import among_uids, pieces

StoreMode = Literal["add", "remove", "replace"]

# Messages of one transaction: it keeps the writer for about 50 ms, then others have their turn. STORE need not be one
# (RFC 3501 section 6.4.6), and each message is still judged by UNCHANGEDSINCE when its turn comes.
BATCH = 10_000
_Flags = tuple[int, str]  # flags, keywords
_Row = tuple[int, int, str, int]  # uid, flags, keywords, modseq


@dataclass(frozen=True, slots=True)
class StoreResult:
    """changed: the state of every message asked for and found but those in `modified`, ascending UID, also
    where nothing had to change; modified: UIDs that UNCHANGEDSINCE refused; modseq: the mailbox's highest;
    own_modseqs: those of this change, ascending; none when nothing had to change."""

    changed: list[FlagState]
    modified: list[int]
    modseq: int
    own_modseqs: tuple[int, ...] = ()


def store_flags(
    account_id: int, mailbox_id: int, uids: Sequence[int], mode: StoreMode, flags: int,
    keywords: frozenset[str] = frozenset(), unchanged_since: int | None = None,
) -> StoreResult:  # fmt: skip
    """Add, remove or replace flags (mailstore.flags bits) and keywords. UIDs that are not there are left out.

    unchanged_since: messages with a higher MODSEQ are refused (RFC 7162). Of the flags those are changed that the
    account has the right to (RFC 4314 section 4). Many messages are several transactions: an error says that some of
    them may be changed. Raises NoSuchMailbox, NotSelectable, LimitReached, StoreUnavailable,
    NoPermission where it has the right to none of them.
    """
    store = partial(_store, account_id, mailbox_id, mode, flags, keywords, unchanged_since)
    results = [writer.write(partial(store, piece)) for piece in pieces(sorted(uids), BATCH)]
    if len(results) == 1:
        return results[0]
    return StoreResult(
        [state for result in results for state in result.changed],
        [uid for result in results for uid in result.modified],
        results[-1].modseq,
        tuple(own for result in results for own in result.own_modseqs),
    )


def _store(
    account_id: int, mailbox_id: int, mode: StoreMode, flags: int, keywords: frozenset[str],
    unchanged_since: int | None, uids: Sequence[int],
) -> StoreResult:  # fmt: skip
    mailbox = lock_mailbox(account_id, mailbox_id)
    flags, keywords = _admitted(mailbox, mode, flags, keywords)
    words = frozenset(mailbox.admit_keywords(keywords).split()) if keywords and mode != "remove" else keywords
    condition, parameters = among_uids(uids, "e.uid")
    rows = sql.fetch_all(
        f"SELECT e.uid, e.flags, e.keywords, e.modseq FROM {seen.entries(mailbox.reader)}"
        f" WHERE e.mailbox_id = %s AND {condition} ORDER BY e.uid",
        (mailbox_id, *parameters),
    )
    limit = mailbox.modseq if unchanged_since is None else unchanged_since
    modified = [row[0] for row in rows if row[3] > limit]
    if modified:
        rows = [row for row in rows if row[3] <= limit]
    same: dict[_Flags, list[int]] = defaultdict(list)  # what a message has now -> the messages
    for uid, old_flags, old_keywords, _ in rows:
        same[old_flags, old_keywords].append(uid)
    becomes = {old: _combine(mode, *old, flags, words, mailbox.rights) for old in same}
    is_changed = _change(mailbox, same, becomes)
    changed = _states(rows, becomes, mailbox.modseq)
    return StoreResult(changed, modified, mailbox.modseq, (mailbox.modseq,) if is_changed else ())


def _change(mailbox: LockedMailbox, same: dict[_Flags, list[int]], becomes: dict[_Flags, _Flags]) -> bool:
    """Write what becomes different; False: nothing does."""
    private = SEEN if mailbox.reader else 0  # what is the acting account's own
    groups: dict[_Flags, list[int]] = defaultdict(list)
    marks: dict[int, list[int]] = defaultdict(list)
    for (old_flags, old_keywords), uids in same.items():
        new_flags, new_keywords = becomes[old_flags, old_keywords]
        if (new_flags, new_keywords) == (old_flags, old_keywords):
            continue
        if (new_flags ^ old_flags) & private:
            marks[new_flags & SEEN] += uids
        if (new_flags | private, new_keywords) != (old_flags | private, old_keywords):
            groups[new_flags & ~private, new_keywords] += uids
        _count(mailbox, old_flags | private, new_flags | private, len(uids))
    if groups or marks:
        _update(mailbox, groups, marks)
    return bool(groups or marks)


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


def _count(mailbox: LockedMailbox, old: int, new: int, messages: int) -> None:
    mailbox.unseen += messages * (bool(old & SEEN) - bool(new & SEEN))
    mailbox.deleted += messages * (bool(new & DELETED) - bool(old & DELETED))


def _update(mailbox: LockedMailbox, groups: dict[_Flags, list[int]], marks: dict[int, list[int]]) -> None:
    """One UPDATE for all messages that get the same state: a STORE 1:* is a handful of statements."""
    modseq = mailbox.next_modseq()
    own = f"(flags & {SEEN}) | %s" if mailbox.reader else "%s"  # a reader leaves \Seen as its owner has it
    for (flags, keywords), uids in groups.items():
        condition, parameters = among_uids(sorted(uids))
        sql.execute(
            f"UPDATE mailstore_entry SET flags = {own}, keywords = %s, modseq = %s"
            f" WHERE mailbox_id = %s AND {condition}",
            (flags, keywords, modseq, mailbox.id, *parameters),
        )
    for mark, uids in marks.items():
        seen.set_marks(mailbox, sorted(uids), mark, modseq)
    mailbox.save()


def _states(rows: Sequence[_Row], becomes: dict[_Flags, _Flags], modseq: int) -> list[FlagState]:
    """What each message has now; those that changed have the MODSEQ of this change."""
    told = {old: (new[0], unpack_keywords(new[1]), modseq if old != new else 0) for old, new in becomes.items()}
    states = []
    for uid, old_flags, old_keywords, at in rows:
        flags, keywords, changed_at = told[old_flags, old_keywords]
        states.append(FlagState(uid, flags, keywords, changed_at or at))
    return states
