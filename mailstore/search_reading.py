"""Searching without the index: candidates come in batches with their columns; those that columns leave open get their
headers read, and those that are still open their bodies."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from mailstore import reading, seen, sql
from mailstore.matching import COLUMNS, Candidate, matches
from mailstore.query import Query

T = TypeVar("T", bound=tuple[Any, ...])

BATCH = 500  # candidates whose columns are held at once


def read_and_match(mailbox_id: int, query: Query, uids: Sequence[int], reader: int = 0) -> list[int]:
    """Which of these ascending UIDs match; reader: as in MailboxInfo. Raises StoreUnavailable."""
    found: list[int] = []
    statement = (
        f"SELECT {COLUMNS} FROM {seen.entries(reader)} JOIN mailstore_message m ON m.id = e.message_id"
        f" WHERE e.mailbox_id = %s AND {sql.among('e.uid')} ORDER BY e.uid"
    )
    for start in range(0, len(uids), BATCH):
        rows = sql.fetch_all(statement, (mailbox_id, sql.integers(uids[start : start + BATCH])))
        found += _decide(query, [Candidate(*row) for row in rows])
    return found


def _decide(query: Query, batch: Sequence[Candidate]) -> list[int]:
    """The matching UIDs of one batch, reading no more than is needed."""
    verdicts = {candidate.uid: matches(query, candidate) for candidate in batch}
    for load in (_load_headers, _load_bodies):
        for candidate in load([candidate for candidate in batch if verdicts[candidate.uid] is None]):
            verdicts[candidate.uid] = matches(query, candidate)
            candidate.forget()
    return [uid for uid, verdict in verdicts.items() if verdict]


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
