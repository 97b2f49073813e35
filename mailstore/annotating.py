"""STORE ANNOTATION (RFC 5257 section 4.5), and the fate of annotations when messages are copied, moved, expunged."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from mailstore import annotation_room, annotations, rights, seen, sql, writer
from mailstore.annotation_room import account_of
from mailstore.annotations import Values
from mailstore.errors import LimitReached, TooManyEntries, ValueTooLarge
from mailstore.flagging import StoreResult
from mailstore.flags import unpack_keywords
from mailstore.locking import LockedMailbox, lock_mailbox
from mailstore.snapshots import FlagState

_INSERT = (
    "INSERT INTO mailstore_annotation (account_id, mailbox_id, uid, entry, shared, value, modseq)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (mailbox_id, uid, entry, shared, account_id)"
    " DO UPDATE SET value = excluded.value, modseq = excluded.modseq"
)
_COPY = (
    "INSERT INTO mailstore_annotation (account_id, mailbox_id, uid, entry, shared, value, modseq)"
    " SELECT CASE WHEN shared THEN %s ELSE account_id END, %s, %s, entry, shared, value, %s"
)
_CLEAR = (
    "UPDATE mailstore_annotation SET value = NULL, modseq = %s"
    " WHERE mailbox_id = %s AND entry = %s AND shared = %s AND account_id = %s AND value IS NOT NULL AND "
)
_ROWS = "SELECT uid, entry, shared, value, account_id FROM mailstore_annotation WHERE mailbox_id = %s AND "


def store_annotations(
    account_id: int, mailbox_id: int, uids: Sequence[int], values: Values, unchanged_since: int | None = None
) -> StoreResult:
    """Set these annotations of all messages, or remove them (None): all or none. UIDs that are not there are left out.

    The messages' MODSEQ grows; unchanged_since refuses those with a higher one (RFC 7162). Raises NoSuchMailbox,
    NotSelectable, NoPermission, ValueTooLarge, TooManyEntries, LimitReached, StoreUnavailable.
    """
    check_sizes(values)
    return writer.write(lambda: _store(account_id, mailbox_id, uids, values, unchanged_since))


def check_new(mailbox: LockedMailbox, account_id: int, messages: Iterable[Values]) -> None:
    """Of messages that are to come, together. Raises NoPermission, LimitReached."""
    room: Counter[int] = Counter()
    for values in messages:
        rights.require(mailbox.rights, _needed(values))
        room.update(annotation_room.needed(mailbox, account_id, values))
    annotation_room.check(room)


def _needed(values: Values) -> int:
    """Reading is enough for what is one's own (section 3.4); for what all see, the right to write stands for "n"."""
    return rights.READ | rights.WRITE if any(key.shared for key in values) else rights.READ


def check_sizes(values: Values) -> None:
    """Raises ValueTooLarge, TooManyEntries."""
    if any(value is not None and len(value) > annotations.MAX_VALUE for value in values.values()):
        raise ValueTooLarge(f"an annotation has more than {annotations.MAX_VALUE} octets")
    for shared in (False, True):
        if sum(key.shared is shared and value is not None for key, value in values.items()) > annotations.MAX_ENTRIES:
            raise TooManyEntries(f"more than {annotations.MAX_ENTRIES} annotations")


def _store(
    account_id: int, mailbox_id: int, uids: Sequence[int], values: Values, unchanged_since: int | None
) -> StoreResult:
    mailbox = lock_mailbox(account_id, mailbox_id, needs=_needed(values))
    rows = sql.fetch_all(
        f"SELECT e.uid, e.flags, e.keywords, e.modseq FROM {seen.entries(mailbox.reader)}"
        f" WHERE e.mailbox_id = %s AND {sql.among('e.uid')} ORDER BY e.uid",
        (mailbox_id, sql.integers(uids)),
    )
    limit = mailbox.modseq if unchanged_since is None else unchanged_since
    modified = [row[0] for row in rows if row[3] > limit]
    wanted = [row for row in rows if row[3] <= limit]
    if not wanted:
        return StoreResult([], modified, mailbox.modseq)
    chosen = [row[0] for row in wanted]
    if len(chosen) * len(values) > annotations.MAX_CHANGES:
        raise LimitReached(f"one command changes more than {annotations.MAX_CHANGES} annotations")
    _check_counts(account_id, mailbox_id, chosen, values)
    crowded = annotation_room.check(annotation_room.needed(mailbox, account_id, values, len(chosen)))
    annotation_room.forget_removed(crowded)
    modseq = mailbox.next_modseq()
    insert(mailbox, account_id, chosen, values, modseq)
    _clear(mailbox, account_id, chosen, values, modseq)
    sql.execute(
        f"UPDATE mailstore_entry SET modseq = %s WHERE mailbox_id = %s AND {sql.among('uid')}",
        (modseq, mailbox_id, sql.integers(chosen)),
    )
    mailbox.save()
    states = [FlagState(uid, flags, unpack_keywords(words), modseq) for uid, flags, words, _ in wanted]
    return StoreResult(states, modified, modseq, (modseq,))


def _check_counts(account_id: int, mailbox_id: int, uids: Sequence[int], values: Values) -> None:
    """Of each message, what it keeps and what is set. Raises TooManyEntries."""
    held = annotations.read_annotations(account_id, mailbox_id, uids)
    for each in held.values():
        for shared in (False, True):
            kept = {key for key in each if key.shared is shared and key not in values}
            new = [key for key, value in values.items() if key.shared is shared and value is not None]
            if new and len(kept) + len(new) > annotations.MAX_ENTRIES:
                raise TooManyEntries(f"more than {annotations.MAX_ENTRIES} annotations of a message")


def insert(mailbox: LockedMailbox, account_id: int, uids: Sequence[int], values: Values, modseq: int) -> None:
    """Part of a job that has locked the mailbox and checked the values. None, which removes, is left out."""
    sql.execute_many(
        _INSERT,
        [
            (account_of(mailbox, account_id, shared=shared), mailbox.id, uid, entry, shared, value, modseq)
            for uid in uids
            for (entry, shared), value in values.items()
            if value is not None
        ],
    )


def _clear(mailbox: LockedMailbox, account_id: int, uids: Sequence[int], values: Values, modseq: int) -> None:
    """Remove those that are None, where they are: what never was there needs no row that tells of its end."""
    for (entry, shared), value in values.items():
        if value is None:
            owner = account_of(mailbox, account_id, shared=shared)
            sql.execute(_CLEAR + sql.among("uid"), (modseq, mailbox.id, entry, shared, owner, sql.integers(uids)))


def check_copy(source_id: int, target: LockedMailbox, uids: Sequence[int], *, moving: bool) -> set[int]:
    """The messages whose annotations copy() has to copy; nothing is written yet. Raises LimitReached.

    moving: the source loses them, so that what is the acting account's own takes no more room than before.
    """
    acting = target.reader or target.account_id
    rows = sql.fetch_all(
        f"SELECT uid, shared, {annotation_room.SIZE} {_copied(target)} AND {sql.among('uid')} GROUP BY uid, shared",
        (source_id, acting, sql.integers(uids)),
    )
    room: Counter[int] = Counter()
    for _, shared, size in rows:
        if shared or not moving:
            room[account_of(target, acting, shared=bool(shared))] += size
    annotation_room.check(room)
    return {uid for uid, _, _ in rows}


def copy(source_id: int, target: LockedMailbox, uids: Mapping[int, int], modseq: int) -> None:
    """To the copies, by their old UIDs, of messages that check_copy() has named. No value leaves the database."""
    acting = target.reader or target.account_id
    sql.execute_many(
        f"{_COPY} {_copied(target)} AND uid = %s",
        [(target.account_id, target.id, new, modseq, source_id, acting, old) for old, new in uids.items()],
    )


def _copied(target: LockedMailbox) -> str:
    """What a copy has too (section 4.6): what is shared, if it may be set there, and the acting account's own."""
    which = annotations.MINE if target.rights & rights.WRITE else "NOT shared AND account_id = %s"
    return f"FROM mailstore_annotation WHERE mailbox_id = %s AND value IS NOT NULL AND {which}"


def remove(mailbox_id: int, uids: Sequence[int]) -> None:
    """Of messages that go."""
    sql.execute(
        f"DELETE FROM mailstore_annotation WHERE mailbox_id = %s AND {sql.among('uid')}",
        (mailbox_id, sql.integers(uids)),
    )


def move(source_id: int, target: LockedMailbox, uids: Mapping[int, int], modseq: int) -> None:
    """All of them go along, those of others too: it is the same message. bury() takes them from where they were."""
    rows = sql.fetch_all(_ROWS + sql.among("uid"), (source_id, sql.integers(uids)))
    sql.execute_many(
        _INSERT,
        [
            (target.account_id if shared else owner, target.id, uids[uid], entry, bool(shared), value, modseq)
            for uid, entry, shared, value, owner in rows
        ],
    )
