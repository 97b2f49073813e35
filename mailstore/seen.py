r"""\Seen of an account in a mailbox of another: its own, beside the owner's, which is a flag of the entry like others.

A mark is kept only for messages whose \Seen the account has ever changed, so that personal mailboxes have none and
their statements do not change. The change takes a MODSEQ of the mailbox, but leaves that of the entry alone: the
account's other sessions hear of it, and nobody else does.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from mailstore import flags, sql
from mailstore.locking import LockedMailbox
from mailstore.models import Entry

Mark = tuple[int, int, int]  # account, UID, flags.SEEN or 0

_OVERLAID = {
    "flags": f"(n.flags & {flags.ALL & ~flags.SEEN}) | coalesce(s.seen, 0) AS flags",
    "modseq": "CASE WHEN s.modseq > n.modseq THEN s.modseq ELSE n.modseq END AS modseq",
}
_COLUMNS = ", ".join(
    _OVERLAID.get(column, f"n.{column}") for column in (str(each.column) for each in Entry._meta.fields)
)
_SET = (
    "INSERT INTO mailstore_seenmark (account_id, mailbox_id, uid, seen, modseq) VALUES (%s, %s, %s, %s, %s)"
    " ON CONFLICT (mailbox_id, uid, account_id) DO UPDATE SET seen = excluded.seen, modseq = excluded.modseq"
)
_ADD = (
    "INSERT INTO mailstore_reader (account_id, mailbox_id, total_seen) VALUES (%s, %s, %s)"
    " ON CONFLICT (account_id, mailbox_id) DO UPDATE SET total_seen = mailstore_reader.total_seen + excluded.total_seen"
)


def entries(reader: int) -> str:
    r"""The entries `e` of a FROM clause as the account sees them; 0, the owner: the table itself.

    `owner_flags` are those with the owner's \Seen.
    """
    if not reader:
        return "mailstore_entry e"
    return (
        f"(SELECT {_COLUMNS}, n.flags AS owner_flags FROM mailstore_entry n LEFT JOIN mailstore_seenmark s"
        f" ON s.mailbox_id = n.mailbox_id AND s.uid = n.uid AND s.account_id = {reader:d}) e"
    )


def owner_flags(reader: int) -> str:
    """The column of entries() with the flags as they are stored."""
    return "e.owner_flags" if reader else "e.flags"


def set_marks(mailbox: LockedMailbox, uids: Sequence[int], seen: int, modseq: int) -> None:
    """The acting account changed \\Seen of messages that were not in this state."""
    give(mailbox, [(mailbox.reader, uid, seen) for uid in uids], modseq)
    if not seen:
        _add(mailbox.id, Counter({mailbox.reader: -len(uids)}))


def give(mailbox: LockedMailbox, marks: Iterable[Mark], modseq: int) -> None:
    """Keep marks; those that say "seen" are new ones."""
    rows = [(account_id, mailbox.id, uid, seen, modseq) for account_id, uid, seen in marks]
    if not rows:
        return
    if not mailbox.read_by_others:
        sql.execute("UPDATE mailstore_mailbox SET read_by_others = TRUE WHERE id = %s", (mailbox.id,))
        mailbox.read_by_others = True
    sql.execute_many(_SET, rows)
    _add(mailbox.id, Counter(row[0] for row in rows if row[3]))


def take(mailbox: LockedMailbox, uids: Sequence[int]) -> list[Mark]:
    """The marks of messages that go; nothing is asked of the database where nobody else reads the mailbox."""
    if not mailbox.read_by_others or not uids:
        return []
    marks = sql.fetch_all(
        f"DELETE FROM mailstore_seenmark WHERE mailbox_id = %s AND {sql.among('uid')} RETURNING account_id, uid, seen",
        (mailbox.id, sql.integers(uids)),
    )
    lost: Counter[int] = Counter()
    for account_id, _, seen in marks:
        lost[account_id] -= bool(seen)
    _add(mailbox.id, lost)
    return [(account_id, uid, seen) for account_id, uid, seen in marks]


def _add(mailbox_id: int, changes: "Counter[int]") -> None:
    sql.execute_many(_ADD, [(account_id, mailbox_id, count) for account_id, count in changes.items() if count])
