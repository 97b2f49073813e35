"""Searching without the index: candidates come in batches with their columns; those that columns leave open get their
headers read, and those that are still open their bodies."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from mailformat.searchkeys import SearchKeys
from mailstore import reading, relevancy, seen, sql
from mailstore.indexing import KEY_COLUMNS
from mailstore.matching import COLUMNS, Candidate, has_fuzzy, likenesses_of, matches
from mailstore.query import Query

T = TypeVar("T", bound=tuple[Any, ...])

BATCH = 500  # candidates whose columns are held at once


def read_and_match(mailbox_id: int, query: Query, uids: Sequence[int], reader: int = 0) -> list[int]:
    """Which of these ascending UIDs match; reader: as in MailboxInfo. Raises StoreUnavailable."""
    found: list[int] = []
    for batch in _batches(mailbox_id, uids, reader):
        found += _decide(query, batch)
    return found


def relevancies(mailbox_id: int, query: Query, uids: Sequence[int], reader: int = 0) -> dict[int, int]:
    """UID -> score (RFC 6203 section 4) of messages that match; reader: as in MailboxInfo. Raises StoreUnavailable."""
    scores: dict[int, int] = {}
    for batch in _batches(mailbox_id, uids, reader):
        likenesses = {candidate.uid: likenesses_of(query, candidate) for candidate in batch}
        for load in (_load_index, _load_bodies):
            for candidate in load([candidate for candidate in batch if likenesses[candidate.uid] is None]):
                likenesses[candidate.uid] = likenesses_of(query, candidate)
                candidate.forget()
        scores.update((uid, relevancy.score(found or [])) for uid, found in likenesses.items())
    return scores


def _batches(mailbox_id: int, uids: Sequence[int], reader: int) -> Iterator[list[Candidate]]:
    statement = (
        f"SELECT {COLUMNS} FROM {seen.entries(reader)} JOIN mailstore_message m ON m.id = e.message_id"
        f" WHERE e.mailbox_id = %s AND {sql.among('e.uid')} ORDER BY e.uid"
    )
    for start in range(0, len(uids), BATCH):
        rows = sql.fetch_all(statement, (mailbox_id, sql.integers(uids[start : start + BATCH])))
        yield [Candidate(*row) for row in rows]


def _decide(query: Query, batch: Sequence[Candidate]) -> list[int]:
    """The matching UIDs of one batch, reading no more than is needed."""
    verdicts = {candidate.uid: matches(query, candidate) for candidate in batch}
    for load in (_load_index, _load_headers, _load_bodies) if has_fuzzy(query) else (_load_headers, _load_bodies):
        for candidate in load([candidate for candidate in batch if verdicts[candidate.uid] is None]):
            verdicts[candidate.uid] = matches(query, candidate)
            candidate.forget()
    return [uid for uid, verdict in verdicts.items() if verdict]


def _load_index(candidates: Sequence[Candidate]) -> Iterator[Candidate]:
    """What the index has of them, which is quicker than to read them."""
    statement = (
        f"SELECT k.content_id, t.header, t.body, {', '.join(f'k.{name}' for name in KEY_COLUMNS)}"
        " FROM mailstore_searchkeys k LEFT JOIN mailstore_searchtext t ON t.content_id = k.content_id"
        f" WHERE {sql.among('k.content_id')}"
    )
    rows = sql.fetch_all(statement, (sql.integers({candidate.content_id for candidate in candidates}),))
    indexed = {row[0]: row for row in rows}
    for candidate in candidates:
        row = indexed.get(candidate.content_id)
        if row is not None:
            candidate.know(SearchKeys(*row[3:]), (row[1], row[2]) if row[1] is not None else None)
            yield candidate


def _load_headers(candidates: Sequence[Candidate]) -> Iterator[Candidate]:
    headers = reading.read_headers(candidate.content_id for candidate in candidates)
    for candidate, (_, header) in _beside(candidates, headers):
        candidate.header = header
        yield candidate


def _load_bodies(candidates: Sequence[Candidate]) -> Iterator[Candidate]:
    contents = reading.read_contents(candidate.content_id for candidate in candidates)
    for candidate, (_, header, body) in _beside(candidates, contents):
        candidate.header, candidate.body = header, body
        yield candidate


def _beside(candidates: Sequence[Candidate], contents: Iterator[T]) -> Iterator[tuple[Candidate, T]]:
    """Pair each candidate with its content; contents that were expunged meanwhile are skipped on both sides."""
    waiting = iter(candidates)
    for content in contents:
        for candidate in waiting:
            if candidate.content_id == content[0]:
                yield candidate, content
                break
