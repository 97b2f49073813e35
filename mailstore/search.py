"""SEARCH: the UIDs of a mailbox that match a query (RFC 3501 section 6.4.4).

What columns can decide is decided in SQL. For the rest, candidates come in batches with their columns;
those that columns leave open get their headers read, and those that are still open their bodies.
"""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from mailstore import reading, sql
from mailstore.mailbox_info import get_mailbox_by_id
from mailstore.matching import COLUMNS, Candidate, matches
from mailstore.query import (
    All,
    And,
    Bcc,
    Before,
    Body,
    Cc,
    From_,
    Fuzzy,
    HasFlag,
    HasKeyword,
    Header,
    Larger,
    ModSeqAtLeast,
    Not,
    Older,
    On,
    Or,
    Query,
    SentBefore,
    SentOn,
    SentSince,
    Since,
    Smaller,
    Subject,
    Text,
    To,
    UidSet,
    Younger,
)
from mailstore.query_sql import Condition, condition_of, split

__all__ = [
    "All",
    "And",
    "Bcc",
    "Before",
    "Body",
    "Cc",
    "From_",
    "Fuzzy",
    "HasFlag",
    "HasKeyword",
    "Header",
    "Larger",
    "ModSeqAtLeast",
    "Not",
    "Older",
    "On",
    "Or",
    "Query",
    "SentBefore",
    "SentOn",
    "SentSince",
    "Since",
    "Smaller",
    "Subject",
    "Text",
    "To",
    "UidSet",
    "Younger",
    "search",
]

T = TypeVar("T", bound=tuple[Any, ...])

BATCH = 500  # candidates whose columns are held at once


def search(account_id: int, mailbox_id: int, query: Query) -> list[int]:
    """UIDs that match, ascending. Raises NoSuchMailbox, StoreUnavailable."""
    get_mailbox_by_id(account_id, mailbox_id)
    exact, rest = split(query)
    condition = condition_of(exact)
    if rest is None:
        statement = f"SELECT e.uid FROM mailstore_entry e WHERE e.mailbox_id = %s AND {condition.sql} ORDER BY e.uid"
        return [row[0] for row in sql.fetch_all(statement, (mailbox_id, *condition.parameters))]
    found: list[int] = []
    for batch in _candidates(mailbox_id, condition):
        found += _decide(rest, batch)
    return found


def _candidates(mailbox_id: int, condition: Condition) -> Iterator[list[Candidate]]:
    statement = (
        f"SELECT {COLUMNS} FROM mailstore_entry e JOIN mailstore_message m ON m.id = e.message_id"
        f" WHERE e.mailbox_id = %s AND e.uid > %s AND {condition.sql} ORDER BY e.uid LIMIT {BATCH}"
    )
    last = 0
    while rows := sql.fetch_all(statement, (mailbox_id, last, *condition.parameters)):
        yield [Candidate(*row) for row in rows]
        last = rows[-1][0]


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
