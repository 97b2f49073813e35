"""Search keys as SQL conditions on mailstore_entry e, mailstore_searchkeys k and mailstore_searchtext t."""

import enum
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from mailformat.collation import fold_needle
from mailformat.searchkeys import SEPARATOR
from mailstore import sql
from mailstore.flags import is_set, is_unset
from mailstore.query import (
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
)  # fmt: skip

MAX_RANGES = 200  # of a UID set in SQL; SQLite's expressions nest 1,000 deep at most, and each AND or OR is a level
MAX_CONDITIONS = 500  # of a whole search, for the same reason
# Levels of And, Or and Not in SQL. SQLite's parser has a stack of 100 places and each level takes up to three.
MAX_LEVELS = 12
_ESCAPE = "!"
# Entries from before the save date was kept have none: "the internal date attribute instead" (RFC 8514 section 4.3).
SAVED_AT = "COALESCE(e.saved_at, e.internal_date)"
_IS_MESSAGE = "EXISTS (SELECT 1 FROM mailstore_message t WHERE t.id = e.message_id AND COALESCE(t.email_id, t.id) = %s)"
_IN_THREAD = (
    "EXISTS (SELECT 1 FROM mailstore_message t WHERE t.id = e.message_id"
    " AND (t.thread_id = %s OR (t.thread_id = 0 AND t.id = %s)))"
)
_EPOCH = date(1970, 1, 1).toordinal()
_KEY_COLUMNS: dict[type[Query], str] = {
    Subject: "subject", From_: "sender", To: "recipients", Cc: "copies", Bcc: "blind_copies",
}  # fmt: skip
# The day that the Date field names; of a message without one, that of its arrival (rounded down before 1970 too).
_SENT_DAY = "coalesce(k.sent_day, (e.internal_date + 86400000000) / 86400 - 1000000)"


@dataclass(frozen=True, slots=True)
class Condition:
    """A part of a WHERE clause."""

    sql: str
    parameters: tuple[Any, ...] = ()


class Reach(enum.IntEnum):
    """How far one must look to decide a key: each includes the ones before."""

    ENTRY = 0  # columns of the entry
    KEYS = 1  # of mailstore_searchkeys
    TEXT = 2  # of mailstore_searchtext
    MESSAGE = 3  # the message itself, in Python


@dataclass(frozen=True, slots=True)
class Plan:
    """A query by parts that must all hold."""

    entry: tuple[Query, ...]
    keys: tuple[Query, ...]
    text: tuple[Query, ...]
    rest: tuple[Query, ...]

    @property
    def beyond_entry(self) -> tuple[Query, ...]:
        return self.keys + self.text + self.rest


def plan(query: Query) -> Plan:
    """Which part of the query is decided where."""
    parts: dict[Reach, list[Query]] = {reach: [] for reach in Reach}
    room = MAX_CONDITIONS
    for part in query.parts if isinstance(query, And) else (query,):
        reach, cost = reach_of(part, MAX_LEVELS), _conditions(part)
        if cost > room:
            reach = Reach.MESSAGE
        if reach is not Reach.MESSAGE:
            room -= cost
        parts[reach].append(part)
    return Plan(*(tuple(parts[reach]) for reach in Reach))


def _conditions(query: Query) -> int:
    """How many comparisons it is in SQL."""
    match query:
        case UidSet(ranges):
            return len(ranges)
        case And(parts):
            return sum(map(_conditions, parts))
        case Or(left, right):
            return _conditions(left) + _conditions(right)
        case Not(part):
            return _conditions(part)
    return 1


def reach_of(query: Query, levels: int) -> Reach:
    """How far one must look for it; what is nested too deep for SQL is for Python."""
    if not levels:
        return Reach.MESSAGE
    match query:
        case UidSet(ranges):
            return Reach.ENTRY if len(ranges) <= MAX_RANGES else Reach.MESSAGE
        case And(parts):
            return max((reach_of(part, levels - 1) for part in parts), default=Reach.ENTRY)
        case Or(left, right):
            return max(reach_of(left, levels - 1), reach_of(right, levels - 1))
        case Not(part):
            return reach_of(part, levels - 1)
        case Subject(text) | From_(text) | To(text) | Cc(text) | Bcc(text):
            return Reach.KEYS if _is_findable(text) else Reach.MESSAGE
        case Body(text) | Text(text):
            return Reach.TEXT if _is_findable(text) else Reach.MESSAGE
        case SentBefore() | SentOn() | SentSince():
            return Reach.KEYS
        case Header() | Fuzzy():
            return Reach.MESSAGE
    return Reach.ENTRY


def _is_findable(text: str) -> bool:
    """In stored texts: they have no NUL and no separator of their own."""
    return SEPARATOR not in text and "\0" not in text


def condition_of(query: Query) -> Condition:
    """The condition of an exact query."""
    match query:
        case And(parts):
            return _join(" AND ", [condition_of(part) for part in parts])
        case Or(left, right):
            return _join(" OR ", [condition_of(left), condition_of(right)])
        case Not(HasFlag(flag)):
            return Condition(is_unset(flag))
        case Not(part):
            inner = condition_of(part)
            return Condition(f"NOT ({inner.sql})", inner.parameters)
        case UidSet(ranges):
            return _join(" OR ", [Condition("e.uid BETWEEN %s AND %s", pair) for pair in ranges], empty="1 = 0")
        case HasFlag(flag):
            return Condition(is_set(flag))
        case HasKeyword(keyword):
            return Condition(f"' ' || lower(e.keywords) || ' ' LIKE %s ESCAPE '{_ESCAPE}'", (_pattern(keyword),))
        case Larger(size):
            return Condition("e.size > %s", (size,))
        case Smaller(size):
            return Condition("e.size < %s", (size,))
        case ModSeqAtLeast(modseq):
            return Condition("e.modseq >= %s", (modseq,))
        case Before(day):
            return Condition("e.internal_date < %s", (midnight(day),))
        case Since(day):
            return Condition("e.internal_date >= %s", (midnight(day),))
        case Older(seconds):
            return Condition("e.internal_date <= %s", (int(time.time()) - seconds,))
        case Younger(seconds):
            return Condition("e.internal_date >= %s", (int(time.time()) - seconds,))
        case Subject(text) | From_(text) | To(text) | Cc(text) | Bcc(text):
            return _contains(f"k.{_KEY_COLUMNS[type(query)]}", text)
        case Body(text):
            return _contains("t.body", text)
        case Text(text):
            return _join(" OR ", [_contains("t.header", text), _contains("t.body", text)])
        case SentBefore(day):
            return Condition(f"{_SENT_DAY} < %s", (_days(day),))
        case SentSince(day):
            return Condition(f"{_SENT_DAY} >= %s", (_days(day),))
        case SentOn(day):
            return Condition(f"{_SENT_DAY} = %s", (_days(day),))
        case SavedBefore(day):
            return Condition(f"{SAVED_AT} < %s", (midnight(day),))
        case SavedSince(day):
            return Condition(f"{SAVED_AT} >= %s", (midnight(day),))
        case SavedOn(day):
            return Condition(f"{SAVED_AT} >= %s AND {SAVED_AT} < %s", (midnight(day), midnight(day, 1)))
        case IsMessage(row):
            return Condition(_IS_MESSAGE, (row,))
        case InThread(row):
            return Condition(_IN_THREAD, (row, row))
        case On(day):
            return Condition("e.internal_date >= %s AND e.internal_date < %s", (midnight(day), midnight(day, 1)))
    return Condition("1 = 1")  # All


def _join(word: str, parts: list[Condition], empty: str = "1 = 1") -> Condition:
    if not parts:
        return Condition(empty)
    return Condition(
        word.join(f"({part.sql})" for part in parts), tuple(value for part in parts for value in part.parameters)
    )


def _contains(column: str, text: str) -> Condition:
    needle = fold_needle(text)
    if sql.is_sqlite():
        return Condition(f"instr({column}, %s) > 0", (needle,))
    return Condition(f"position(%s in {column}) > 0", (needle,))


def _days(day: date) -> int:
    return day.toordinal() - _EPOCH


def _pattern(keyword: str) -> str:
    escaped = "".join(_ESCAPE + char if char in f"{_ESCAPE}%_" else char for char in keyword.lower())
    return f"% {escaped} %"


def midnight(day: date, days_later: int = 0) -> int:
    """Unix seconds at which the day begins in UTC; clamped to the calendar that Python has."""
    try:
        later = day + timedelta(days=days_later)
    except OverflowError:
        later = date.max
    return int(datetime(later.year, later.month, later.day, tzinfo=UTC).timestamp())
