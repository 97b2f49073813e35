"""Annotations of messages (RFC 5257): what FETCH, SEARCH and the news of a session read of them.

A private annotation is its account's own; a shared one belongs to the mailbox. Only who has the mailbox open comes
here, and lock_mailbox() or get_mailbox_by_id() decides who that may be.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from mailstore import sql
from mailstore.mailbox_info import get_mailbox_by_id

MAX_VALUE = 32 * 1024  # octets; section 4.1 asks for 1,024. Two of them fit in one command (the framer's literals)
MAX_ENTRIES = 50  # of one message, private and shared ones counted apart; section 4.1 asks for 10
MAX_ENTRY = 255  # octets of a name; the column
# Octets of all annotations of an account, ROW_SIZE for each beside its value. They are no mail: no quota counts them.
MAX_TOTAL = 16 * 1024 * 1024
ROW_SIZE = 128
# Removed ones of an account that are remembered for other sessions; then they are all forgotten at once.
MAX_REMOVED = 10_000
# Messages times entries of one command, set or removed: it is one transaction, and no account has room for more.
MAX_CHANGES = MAX_TOTAL // ROW_SIZE

# Shared ones, and the asking account's own.
MINE = "(shared OR account_id = %s)"
_READ = (
    f"SELECT uid, entry, shared, value FROM mailstore_annotation WHERE mailbox_id = %s AND {MINE} AND value IS NOT NULL"
)
_CHANGED = (
    "SELECT DISTINCT uid, entry, modseq FROM mailstore_annotation"
    f" WHERE mailbox_id = %s AND modseq > %s AND {MINE} ORDER BY uid, entry"
)


class Key(NamedTuple):
    """Which annotation of a message: its entry, and whether all may see it."""

    entry: str
    shared: bool


Values = Mapping[Key, bytes | None]  # to set, or to remove (None)


def read_annotations(account_id: int, mailbox_id: int, uids: Sequence[int]) -> dict[int, dict[Key, bytes]]:
    """Those of these messages; messages that have none are left out."""
    rows = sql.fetch_all(
        f"{_READ} AND {sql.among('uid')} ORDER BY uid, entry", (mailbox_id, account_id, sql.integers(uids))
    )
    found: dict[int, dict[Key, bytes]] = defaultdict(dict)
    for uid, entry, shared, value in rows:
        found[uid][Key(entry, bool(shared))] = bytes(value)
    return found


def search_annotations(
    account_id: int, mailbox_id: int, fits: Callable[[str], bool], shared: frozenset[bool], text: str
) -> list[int]:
    """UIDs, ascending, of messages with the text, in any case, in an annotation whose entry fits (section 4.8).

    Raises NoSuchMailbox.
    """
    get_mailbox_by_id(account_id, mailbox_id)
    wanted = text.casefold()
    found = set()
    for uid, entry, is_shared, value in sql.fetch_all(_READ, (mailbox_id, account_id)):
        if bool(is_shared) in shared and fits(entry) and wanted in bytes(value).decode("utf-8", "replace").casefold():
            found.add(uid)
    return sorted(found)


def annotation_texts(account_id: int, mailbox_id: int, key: Key) -> dict[int, str]:
    """One annotation of each message of the mailbox that has it, folded, for SORT (section 4.9)."""
    rows = sql.fetch_all(f"{_READ} AND entry = %s", (mailbox_id, account_id, key.entry))
    wanted = [(uid, bytes(value)) for uid, _, shared, value in rows if bool(shared) is key.shared]
    return {uid: value.decode("utf-8", "replace").casefold() for uid, value in wanted}


def changed_entries(account_id: int, mailbox_id: int, modseq: int) -> list[tuple[int, str, int]]:
    """(UID, entry, MODSEQ) of what was set or removed behind a MODSEQ, by UID and entry."""
    rows = sql.fetch_all(_CHANGED, (mailbox_id, modseq, account_id))
    return [(uid, entry, at) for uid, entry, at in rows]
