"""SEARCH: the UIDs of a mailbox that match a query (RFC 3501 section 6.4.4).

What the entry's columns decide is decided in one statement, together with what the search index has of the headers
(mailstore.indexing). For texts, signatures tell in which messages it is worth looking. What the index does not have,
or cannot decide, is read (mailstore.search_reading).
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from mailformat.collation import fold_needle
from mailformat.searchtext import Probe
from mailstore import rights, seen, sql
from mailstore.mailbox_info import get_mailbox_by_id
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
    InThread,
    IsMessage,
    Larger,
    ModSeqAtLeast,
    Not,
    Older,
    On,
    Or,
    Query,
    SavedBefore,
    SavedOn,
    SavedSince,
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
from mailstore.query_sql import Condition, Plan, condition_of, plan
from mailstore.relevancy import ENOUGH, likeness
from mailstore.search_reading import read_and_match, relevancies

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
    "InThread",
    "IsMessage",
    "Larger",
    "ModSeqAtLeast",
    "Not",
    "Older",
    "On",
    "Or",
    "Query",
    "SavedBefore",
    "SavedOn",
    "SavedSince",
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
    "score",
    "search",
]


BATCH = 20_000  # messages whose signatures are held at once: some 10 MiB

_WITH_KEYS = " LEFT JOIN mailstore_searchkeys k ON k.content_id = e.content_id"
_WITH_TEXT = " LEFT JOIN mailstore_searchtext t ON t.content_id = e.content_id"


def search(account_id: int, mailbox_id: int, query: Query) -> list[int]:
    """UIDs that match, ascending. Raises NoSuchMailbox, NoPermission, StoreUnavailable."""
    info = get_mailbox_by_id(account_id, mailbox_id)
    rights.require(info.rights, rights.READ)
    planned = plan(query)
    if not planned.beyond_entry:
        condition = condition_of(And(planned.entry))
        statement = (
            f"SELECT e.uid FROM {seen.entries(info.reader)} WHERE e.mailbox_id = %s AND {condition.sql} ORDER BY e.uid"
        )
        return [row[0] for row in sql.fetch_all(statement, (mailbox_id, *condition.parameters))]
    return _search_index(mailbox_id, planned, info.reader)


def score(account_id: int, mailbox_id: int, query: Query, uids: Sequence[int]) -> dict[int, int]:
    """UID -> relevancy, 1 to 100 (RFC 6203 section 4), of ascending UIDs that the query found.

    Raises NoSuchMailbox, NoPermission, StoreUnavailable.
    """
    info = get_mailbox_by_id(account_id, mailbox_id)
    rights.require(info.rights, rights.READ)
    return relevancies(mailbox_id, query, uids, info.reader)


def _search_index(mailbox_id: int, planned: Plan, reader: int) -> list[int]:
    """By the index, and by reading where the index says nothing."""
    found, unread = _by_keys(mailbox_id, planned, reader)
    if found and planned.text:
        found, unstored = _by_text(mailbox_id, planned, found, reader)
        unread += unstored
    if found and planned.rest:
        found = read_and_match(mailbox_id, And(planned.rest), found, reader)
    if unread:
        found += read_and_match(mailbox_id, And(planned.beyond_entry), sorted(unread), reader)
        found.sort()
    return found


def _by_keys(mailbox_id: int, planned: Plan, reader: int) -> tuple[list[int], list[int]]:
    """What is left when entries, keys and signatures have been asked; and what is not in the index."""
    probe = _prober(planned)
    entry, keys = condition_of(And(planned.entry)), condition_of(And(planned.keys))
    statement = (
        f"SELECT e.uid, k.content_id{', k.signature' if probe else ''} FROM {seen.entries(reader)}{_WITH_KEYS}"
        f" WHERE e.mailbox_id = %s AND e.uid > %s AND {entry.sql} AND {_or_unknown('k', keys)}"
        f" ORDER BY e.uid LIMIT {BATCH}"
    )
    found: list[int] = []
    unread: list[int] = []
    last = 0
    while rows := sql.fetch_all(statement, (mailbox_id, last, *entry.parameters, *keys.parameters)):
        known = [row for row in rows if row[1] is not None]
        if len(known) < len(rows):
            unread += [row[0] for row in rows if row[1] is None]
        found += [row[0] for row in known if probe(row[2])] if probe else [row[0] for row in known]
        if len(rows) < BATCH:
            break
        last = rows[-1][0]
    return found, unread


def _by_text(mailbox_id: int, planned: Plan, uids: list[int], reader: int) -> tuple[list[int], list[int]]:
    """Those with the texts; and those whose texts are not stored, being long."""
    text = condition_of(And(planned.text))
    statement = (
        f"SELECT e.uid, t.content_id FROM {seen.entries(reader)}{_WITH_KEYS}{_WITH_TEXT}"
        f" WHERE e.mailbox_id = %s AND {sql.among('e.uid')} AND {_or_unknown('t', text)} ORDER BY e.uid"
    )
    rows = sql.fetch_all(statement, (mailbox_id, sql.integers(uids), *text.parameters))
    return [row[0] for row in rows if row[1] is not None], [row[0] for row in rows if row[1] is None]


def _or_unknown(table: str, condition: Condition) -> str:
    return f"({table}.content_id IS NULL OR ({condition.sql}))"


def _prober(planned: Plan) -> Callable[[Any], bool] | None:
    """Tells by a signature in which messages it is worth looking; None where nothing can be told."""
    probes: list[Callable[[Any], bool]] = []
    for part in (*planned.text, *planned.rest):
        match part:
            case Fuzzy(Body(text) | Text(text) | Header(_, text)):
                probes.append(partial(likeness(text).may_be_in, enough=ENOUGH))
            case Body(text) | Text(text) | Header(_, text):
                probe = Probe(fold_needle(text))
                if probe.tells:
                    probes.append(probe.may_be_in)
    if not probes:
        return None
    if len(probes) == 1:
        return probes[0]
    return lambda signed: all(probe(signed) for probe in probes)
