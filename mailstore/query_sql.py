"""Search keys that columns answer exactly, as SQL conditions on mailstore_entry e."""

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from mailstore.flags import is_set, is_unset
from mailstore.query import (
    All,
    And,
    Before,
    HasFlag,
    HasKeyword,
    Larger,
    ModSeqAtLeast,
    Not,
    Older,
    On,
    Or,
    Query,
    Since,
    Smaller,
    UidSet,
    Younger,
)

MAX_RANGES = 200  # of a UID set in SQL; SQLite's expressions nest 1,000 deep at most, and each AND or OR is a level
MAX_CONDITIONS = 500  # of a whole search, for the same reason
# Levels of And, Or and Not in SQL. SQLite's parser has a stack of 100 places and each level takes up to three.
MAX_LEVELS = 12
_ESCAPE = "!"


@dataclass(frozen=True, slots=True)
class Condition:
    """A part of a WHERE clause."""

    sql: str
    parameters: tuple[Any, ...] = ()


def split(query: Query) -> tuple[Query, Query | None]:
    """The part that SQL decides, and the rest that must hold too (None: nothing)."""
    parts = query.parts if isinstance(query, And) else (query,)
    exact, rest, room = [], [], MAX_CONDITIONS
    for part in parts:
        if _is_exact(part, MAX_LEVELS) and (cost := _conditions(part)) <= room:
            exact.append(part)
            room -= cost
        else:
            rest.append(part)
    return And(tuple(exact)), And(tuple(rest)) if rest else None


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


def _is_exact(query: Query, levels: int) -> bool:
    if not levels:
        return False
    if isinstance(query, UidSet):
        return len(query.ranges) <= MAX_RANGES
    if isinstance(query, And):
        return all(_is_exact(part, levels - 1) for part in query.parts)
    if isinstance(query, Or):
        return _is_exact(query.left, levels - 1) and _is_exact(query.right, levels - 1)
    if isinstance(query, Not):
        return _is_exact(query.part, levels - 1)
    return isinstance(
        query, (All, HasFlag, HasKeyword, Larger, Smaller, ModSeqAtLeast, Before, On, Since, Older, Younger)
    )


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
        case On(day):
            return Condition("e.internal_date >= %s AND e.internal_date < %s", (midnight(day), midnight(day, 1)))
    return Condition("1 = 1")  # All


def _join(word: str, parts: list[Condition], empty: str = "1 = 1") -> Condition:
    if not parts:
        return Condition(empty)
    return Condition(
        word.join(f"({part.sql})" for part in parts), tuple(value for part in parts for value in part.parameters)
    )


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
