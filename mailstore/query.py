"""The search keys of IMAP SEARCH (RFC 3501 section 6.4.4; MODSEQ: RFC 7162 section 3.1.5) as a tree.

Strings match as substrings without regard to case, on decoded text. Days are UTC: INTERNALDATE is
rendered in "+0000", and both disregard the time of day.
"""

from dataclasses import dataclass
from datetime import date


class Query:
    """One search key."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class All(Query):
    """ALL"""


@dataclass(frozen=True, slots=True)
class And(Query):
    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Or(Query):
    left: Query
    right: Query


@dataclass(frozen=True, slots=True)
class Not(Query):
    part: Query


@dataclass(frozen=True, slots=True)
class HasFlag(Query):
    flag: int  # bits of mailstore.flags: all must be set


@dataclass(frozen=True, slots=True)
class HasKeyword(Query):
    keyword: str


@dataclass(frozen=True, slots=True)
class UidSet(Query):
    """Ascending, disjoint ranges (first, last), both included.

    "*" is resolved by the caller. Sequence sets are mapped to UIDs too.
    """

    ranges: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Header(Query):
    name: str
    text: str  # "": the header is present


@dataclass(frozen=True, slots=True)
class Subject(Query):
    text: str


@dataclass(frozen=True, slots=True)
class From_(Query):
    text: str


@dataclass(frozen=True, slots=True)
class To(Query):
    text: str


@dataclass(frozen=True, slots=True)
class Cc(Query):
    text: str


@dataclass(frozen=True, slots=True)
class Bcc(Query):
    text: str


@dataclass(frozen=True, slots=True)
class Body(Query):
    text: str


@dataclass(frozen=True, slots=True)
class Text(Query):
    text: str


@dataclass(frozen=True, slots=True)
class Before(Query):
    day: date


@dataclass(frozen=True, slots=True)
class On(Query):
    day: date


@dataclass(frozen=True, slots=True)
class Since(Query):
    day: date


@dataclass(frozen=True, slots=True)
class Older(Query):
    """Arrived that many seconds ago or earlier (RFC 5032)."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Younger(Query):
    """Arrived within that many seconds (RFC 5032)."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Fuzzy(Query):
    """What is like it matches too (RFC 6203; mailstore.relevancy)."""

    part: Query


@dataclass(frozen=True, slots=True)
class SavedBefore(Query):
    """By when it came into this mailbox (RFC 8514)."""

    day: date


@dataclass(frozen=True, slots=True)
class SavedOn(Query):
    day: date


@dataclass(frozen=True, slots=True)
class SavedSince(Query):
    day: date


@dataclass(frozen=True, slots=True)
class IsMessage(Query):
    """The mail that this message row was the first of (RFC 8474: EMAILID)."""

    row: int


@dataclass(frozen=True, slots=True)
class InThread(Query):
    """Of the thread that this message row began (RFC 8474: THREADID)."""

    row: int


@dataclass(frozen=True, slots=True)
class SentBefore(Query):
    day: date


@dataclass(frozen=True, slots=True)
class SentOn(Query):
    day: date


@dataclass(frozen=True, slots=True)
class SentSince(Query):
    day: date


@dataclass(frozen=True, slots=True)
class Larger(Query):
    size: int


@dataclass(frozen=True, slots=True)
class Smaller(Query):
    size: int


@dataclass(frozen=True, slots=True)
class ModSeqAtLeast(Query):
    modseq: int
