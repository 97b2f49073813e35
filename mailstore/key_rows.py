"""What SORT and THREAD ask of many messages: from the search index, and from the header of what is not in it yet."""

from collections.abc import Sequence
from typing import Any

from mailformat.searchkeys import search_keys
from mailstore import reading, sql

ENTRY_COLUMNS = ("internal_date", "size")
SPARSE = 4  # UIDs that span this many times their number are asked for one by one

_FROM = "FROM mailstore_entry e LEFT JOIN mailstore_searchkeys k ON k.content_id = e.content_id"


def key_rows(mailbox_id: int, uids: Sequence[int], names: Sequence[str]) -> list[list[Any]]:
    """Rows [uid, value, ...] of these ascending UIDs, ascending; UIDs that are not there are left out.

    names: ENTRY_COLUMNS and fields of mailformat.searchkeys.SearchKeys. A `sent_at` that the header does not tell is
    that of the arrival (RFC 5256 section 2.2). Raises StoreUnavailable.
    """
    if not uids:
        return []
    columns = ", ".join(f"e.{name}" if name in ENTRY_COLUMNS else f"k.{name}" for name in names)
    statement = f"SELECT e.uid, {columns}, e.internal_date, e.content_id, k.content_id {_FROM} WHERE e.mailbox_id = %s"
    rows = [list(row) for row in _among(statement, mailbox_id, uids)]
    unread = [row for row in rows if row[-1] is None]
    if unread:
        _read(unread, names)
    if "sent_at" in names:
        at = names.index("sent_at") + 1
        for row in rows:
            if row[at] is None:
                row[at] = row[-3]
    return rows


def _among(statement: str, mailbox_id: int, uids: Sequence[int]) -> list[tuple[Any, ...]]:
    if uids[-1] - uids[0] >= SPARSE * len(uids):
        condition = f" AND {sql.among('e.uid')} ORDER BY e.uid"
        return sql.fetch_all(statement + condition, (mailbox_id, sql.integers(uids)))
    rows = sql.fetch_all(statement + " AND e.uid BETWEEN %s AND %s ORDER BY e.uid", (mailbox_id, uids[0], uids[-1]))
    if len(rows) == len(uids):
        return rows
    wanted = set(uids)
    return [row for row in rows if row[0] in wanted]


def _read(rows: list[list[Any]], names: Sequence[str]) -> None:
    """Fill in what the index would have said."""
    headers = dict(reading.read_headers({row[-2] for row in rows}))
    for row in rows:
        keys = search_keys(headers.get(row[-2], b""))
        for at, name in enumerate(names, 1):
            if name not in ENTRY_COLUMNS:
                row[at] = getattr(keys, name)
