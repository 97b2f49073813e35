"""The search index: what SEARCH, SORT and THREAD ask of a message, computed once, behind delivery.

Contents are taken in the order of their ids, a few at a time, so that a process that was killed goes on where the
index ends. What is not in the index yet is read itself by who searches: nothing waits for it.
"""

import logging
import time
from collections.abc import Iterator
from dataclasses import astuple, fields

from mailformat.scanner import scan
from mailformat.searchkeys import SearchKeys, search_keys
from mailformat.searchtext import body_texts, header_lines, joined, signature
from mailstore import reading, sql, writer
from mailstore.errors import StoreUnavailable

log = logging.getLogger(__name__)

# Contents of one turn, and octets: what one transaction writes, and what others wait for on SQLite.
MAX_CONTENTS = 32
MAX_OCTETS = 256 * 1024
# Octets of a message whose texts are kept; of a longer one they are decoded when somebody searches. Attachments count:
# what matters is that one turn stays short.
MAX_INDEXED = 1024 * 1024
# A turn that lasts this many times what it works has been kept waiting, by whom nobody shall wait for the index.
CROWDED = 1.5
# On PostgreSQL a transaction that began earlier may commit later: ids this far back are looked at again.
SLACK = 10_000

KEY_COLUMNS = tuple(field.name for field in fields(SearchKeys))
_INSERT_KEYS = (
    f"INSERT INTO mailstore_searchkeys (content_id, {', '.join(KEY_COLUMNS)}, signature)"
    f" SELECT {', '.join(['%s'] * (len(KEY_COLUMNS) + 2))} WHERE EXISTS (SELECT 1 FROM mailstore_content WHERE id = %s)"
    " ON CONFLICT (content_id) DO NOTHING"
)
_INSERT_TEXT = (
    "INSERT INTO mailstore_searchtext (content_id, header, body) SELECT %s, %s, %s"
    " WHERE EXISTS (SELECT 1 FROM mailstore_content WHERE id = %s) ON CONFLICT (content_id) DO NOTHING"
)
_WAITING = (
    "SELECT c.id, c.size FROM mailstore_content c LEFT JOIN mailstore_searchkeys k ON k.content_id = c.id"
    f" WHERE c.id > %s AND k.content_id IS NULL ORDER BY c.id LIMIT {MAX_CONTENTS}"
)

Row = tuple[tuple[object, ...], tuple[object, ...] | None]


class Indexer:
    """Knows how far the index reaches. One thread uses it."""

    def __init__(self) -> None:
        self._looked_from: int | None = None
        self.crowded = False  # in the last turn others wanted the processor, or the interpreter

    def work(self) -> int:
        """Index the next few contents; how many there were. Raises StoreUnavailable."""
        if self._looked_from is None:
            self._looked_from = _end_of_index() - SLACK
        batch = _waiting(self._looked_from)
        if not batch:
            return 0
        began, worked = time.monotonic(), time.thread_time()
        rows = list(_rows(batch))
        self.crowded = time.monotonic() - began > CROWDED * (time.thread_time() - worked)
        writer.write(lambda: _insert(rows))
        self._looked_from = max(self._looked_from, batch[-1] - SLACK)
        if len(rows) < len(batch):  # unreadable, or gone meanwhile: not to be met again and again
            self._looked_from = batch[-1]
        return len(batch)


def index_everything() -> int:
    """Index all that waits, now; how many contents that were. For tests and commands."""
    indexer, count = Indexer(), 0
    while done := indexer.work():
        count += done
    return count


def forget(content_ids: object) -> None:
    """Inside the transaction that deletes these contents (a parameter of sql.among())."""
    for table in ("mailstore_searchkeys", "mailstore_searchtext"):
        sql.execute(f"DELETE FROM {table} WHERE {sql.among('content_id')}", (content_ids,))


def _end_of_index() -> int:
    found = sql.fetch_one("SELECT max(content_id) FROM mailstore_searchkeys")
    return found[0] or 0 if found else 0


def _waiting(looked_from: int) -> list[int]:
    """The next contents without a row: as many as one turn may take, at least one."""
    batch: list[int] = []
    octets = 0
    for content_id, size in sql.fetch_all(_WAITING, (looked_from,)):
        octets += min(size, MAX_INDEXED)
        if batch and octets > MAX_OCTETS:
            break
        batch.append(content_id)
    return batch


def _rows(batch: list[int]) -> Iterator[Row]:
    """What is stored of each; a content that cannot be read is left out and logged."""
    for content_id in batch:
        try:
            for _, header, body in reading.read_contents([content_id]):
                yield _row(content_id, header, body)
        except StoreUnavailable:
            log.warning("content %d cannot be read for the search index", content_id)


def _row(content_id: int, header: bytes, body: bytes) -> Row:
    keys = astuple(search_keys(header))
    if len(header) + len(body) > MAX_INDEXED:
        return (content_id, *keys, b"", content_id), None
    data = header + body
    head, text = joined(header_lines(header)), joined(body_texts(data, scan(data)))
    return (content_id, *keys, signature(f"{head} {text}"), content_id), (content_id, head, text, content_id)


def _insert(rows: list[Row]) -> None:
    sql.execute_many(_INSERT_KEYS, [keys for keys, _ in rows])
    sql.execute_many(_INSERT_TEXT, [text for _, text in rows if text is not None])
