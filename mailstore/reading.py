"""The hot reads: many rows of one mailbox as plain tuples, and contents.

Each batch is one statement over a range of UIDs, read whole: nothing is held open while the
caller works on it. The ORM twin of fetch_rows is the oracle of the tests.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

from mailstore import blobs, seen, sql
from mailstore.errors import NoSuchMessage, StoreUnavailable
from mailstore.models import Entry

BATCH = 500  # rows; about a millisecond of work
CONTENT_BATCH = 32  # contents read at once: at most 2 MiB of bodies, blobs come one by one
SPARSE = 4  # a batch that spans this many times its rows is asked for UID by UID

_ENTRY_COLUMNS = ("uid", "flags", "keywords", "modseq", "internal_date", "size", "content_id")
_MESSAGE_COLUMNS = (
    "envelope", "body", "bodystructure", "structure", "subject", "sender", "sender_address", "recipients", "preview",
    "sent_at", "has_attachments", "thread_id",
)  # fmt: skip
# The RFC 5322 Message-ID; "message_id" is the entry's reference to its message row.
_COLUMNS = {
    **{name: f"e.{name}" for name in _ENTRY_COLUMNS},
    **{name: f"m.{name}" for name in _MESSAGE_COLUMNS},
    "message_row": "e.message_id",
    "saved_at": "COALESCE(e.saved_at, e.internal_date)",  # an entry from before it was kept has none
    "message_id": "m.message_id",
    "email_id": "COALESCE(m.email_id, m.id)",
}


@lru_cache(maxsize=256)
def _select(columns: tuple[str, ...], reader: int) -> str:
    """The SELECT up to the condition on the UIDs. Messages are joined only when asked for."""
    wanted = [_COLUMNS[name] for name in columns]
    join = " JOIN mailstore_message m ON m.id = e.message_id" if any("m." in name for name in wanted) else ""
    return f"SELECT {', '.join(wanted)} FROM {seen.entries(reader)}{join} WHERE e.mailbox_id = %s AND "


def fetch_rows(
    mailbox_id: int, uids: Sequence[int], columns: Sequence[str], reader: int = 0
) -> Iterator[list[tuple[Any, ...]]]:
    """Rows of these columns, ascending UID, in batches; UIDs that are not there are left out.

    uids: ascending. columns: uid flags keywords modseq internal_date saved_at size content_id message_row envelope
    body bodystructure structure message_id subject sender sender_address recipients preview sent_at
    has_attachments thread_id email_id. keywords come packed (mailstore.flags.unpack_keywords). reader: as in
    MailboxInfo.
    """
    select = _select(tuple(columns), reader)
    uid_at = columns.index("uid") if "uid" in columns else None
    if uid_at is None:
        for rows in fetch_rows(mailbox_id, uids, ("uid", *columns), reader):
            yield [row[1:] for row in rows]
        return
    for start in range(0, len(uids), BATCH):
        rows = _read_batch(select, mailbox_id, uids[start : start + BATCH], uid_at)
        if rows:
            yield rows


def _read_batch(select: str, mailbox_id: int, uids: Sequence[int], uid_at: int) -> list[tuple[Any, ...]]:
    first, last = uids[0], uids[-1]
    if last - first >= SPARSE * len(uids):
        condition = sql.among("e.uid") + " ORDER BY e.uid"
        return sql.fetch_all(select + condition, (mailbox_id, sql.integers(uids)))
    rows = sql.fetch_all(select + "e.uid BETWEEN %s AND %s ORDER BY e.uid", (mailbox_id, first, last))
    if last - first + 1 == len(uids):
        return rows
    wanted = set(uids)
    return [row for row in rows if row[uid_at] in wanted]


def orm_fetch_rows(mailbox_id: int, uids: Sequence[int], columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """fetch_rows in the ORM."""
    names = {
        **{name: f"message__{name}" for name in _MESSAGE_COLUMNS},
        "message_row": "message_id",
        "message_id": "message__message_id",
    }
    wanted = [names.get(name, name) for name in columns]
    return list(Entry.objects.filter(mailbox_id=mailbox_id, uid__in=list(uids)).order_by("uid").values_list(*wanted))


def read_content(content_id: int) -> bytes:
    """The message exactly as it came in. Raises NoSuchMessage, StoreUnavailable."""
    for _, header, body in read_contents([content_id]):
        return header + body
    raise NoSuchMessage(f"no content {content_id}")


def read_header(content_id: int) -> bytes:
    """The header with the blank line behind it, without reading the body. Raises NoSuchMessage."""
    row = sql.fetch_one("SELECT header FROM mailstore_content WHERE id = %s", (content_id,))
    if row is None:
        raise NoSuchMessage(f"no content {content_id}")
    return row[0]


def read_headers(content_ids: Iterable[int]) -> Iterator[tuple[int, bytes]]:
    """(id, header) of these contents in their order, in batches; those that are gone are left out."""
    ids = iter(content_ids)
    while batch := list(islice(ids, BATCH)):
        statement = f"SELECT id, header FROM mailstore_content WHERE {sql.among('id')}"
        found = dict(sql.fetch_all(statement, (sql.integers(batch),)))
        yield from ((content_id, found[content_id]) for content_id in batch if content_id in found)


def read_contents(content_ids: Iterable[int]) -> Iterator[tuple[int, bytes, bytes]]:
    """(id, header, body) of these contents in their order; those that are gone are left out.

    Memory is bounded by one batch. Raises StoreUnavailable.
    """
    ids = iter(content_ids)
    while batch := list(islice(ids, CONTENT_BATCH)):
        statement = f"SELECT id, header, body, blob FROM mailstore_content WHERE {sql.among('id')}"
        found = {row[0]: row for row in sql.fetch_all(statement, (sql.integers(batch),))}
        for content_id in batch:
            if content_id in found:
                _, header, body, blob = found[content_id]
                whole = _load(content_id, blob) if blob else body
                if whole is not None:
                    yield content_id, header, whole


def _load(content_id: int, blob: str) -> bytes | None:
    """A body that is in a blob; None when the message was expunged since its row was read, and the blob with it."""
    try:
        return blobs.load(blob)
    except StoreUnavailable:
        if sql.fetch_one("SELECT 1 FROM mailstore_content WHERE id = %s", (content_id,)) is None:
            return None
        raise
