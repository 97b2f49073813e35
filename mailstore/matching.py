"""Does a message match a search key? Three answers: yes, no, and "cannot say before more of it is read"."""

import time
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from operator import attrgetter, itemgetter
from typing import Literal

from mailformat import headers, mime
from mailformat.collation import fold, fold_needle
from mailformat.searchkeys import SearchKeys, search_keys
from mailformat.searchtext import body_texts, header_lines
from mailstore.flags import unpack_keywords
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
from mailstore.query_sql import SAVED_AT
from mailstore.relevancy import is_like, likeness

COLUMNS = (
    "e.uid, e.flags, e.keywords, e.modseq, e.internal_date, e.size, e.content_id, e.message_id, m.thread_id,"
    " COALESCE(m.email_id, m.id),"
    f" {SAVED_AT}, m.structure"
)


_EPOCH = date(1970, 1, 1).toordinal()
_FIELDS: dict[type[Query], Callable[[SearchKeys], str]] = {
    Subject: attrgetter("subject"), From_: attrgetter("sender"), To: attrgetter("recipients"),
    Cc: attrgetter("copies"), Bcc: attrgetter("blind_copies"),
}  # fmt: skip


@dataclass(slots=True)
class Candidate:
    """A message in question. header and body are read when the columns cannot decide."""

    uid: int
    flags: int
    keywords: str
    modseq: int
    internal_date: int
    size: int
    content_id: int
    message_row: int
    thread_id: int
    email_id: int
    saved_at: int
    structure: bytes
    header: bytes | None = None
    body: bytes | None = None
    _keys: SearchKeys | None = None
    _lines: list[str] | None = None
    _text: list[str] | None = None

    def forget(self) -> None:
        """Drop what was read, so that a search holds one message at a time."""
        self.header = self.body = self._keys = self._lines = self._text = None

    def know(self, keys: SearchKeys, texts: tuple[str, str] | None) -> None:
        """Take what the search index has: the keys, and the texts of header and body."""
        self._keys = keys
        if texts is not None:
            self._lines, self._text = [texts[0]], [texts[1]]

    def keys(self) -> SearchKeys | None:
        """What the header says, folded; None: not read."""
        if self._keys is None and self.header is not None:
            self._keys = search_keys(self.header)
        return self._keys

    def header_lines(self) -> list[str] | None:
        """The fields, decoded and folded; None: not read."""
        if self._lines is None and self.header is not None:
            self._lines = header_lines(self.header)
        return self._lines

    def body_texts(self) -> list[str] | None:
        """Every text part, decoded and folded, with the headers of attached messages; None: not read."""
        if self._text is None and self.header is not None and self.body is not None:
            self._text = body_texts(self.header + self.body, mime.load(self.structure))
        return self._text


Has = Callable[[str, str], bool]  # is this (as the client wrote it) in that (folded)?


def contains(needle: str, text: str) -> bool:
    """RFC 3501 section 6.4.4: the string is a substring of the field, by the collation."""
    return fold_needle(needle) in text


def matches(query: Query, candidate: Candidate, has: Has = contains) -> bool | None:
    """Whether it matches; None: more of the message must be read first."""
    match query:
        case And(parts):
            return _all(parts, candidate, has)
        case Or(left, right):
            return _not(_all((Not(left), Not(right)), candidate, has))
        case Not(part):
            return _not(matches(part, candidate, has))
        case Fuzzy(part):
            return matches(part, candidate, is_like)
        case SentBefore() | SentOn() | SentSince():
            return _sent(query, candidate)
        case Text(text):
            return _in_text(text, candidate, has)
    texts = texts_of(query, candidate)
    if texts is False:
        return _column(query, candidate)
    return None if texts is None else _any(query, texts, has)


def texts_of(query: Query, candidate: Candidate) -> Sequence[str] | Literal[False] | None:
    """The folded texts that a key looks into; None: not read yet, False: it looks into none."""
    match query:
        case Subject() | From_() | To() | Cc() | Bcc():
            keys = candidate.keys()
            return None if keys is None else (_FIELDS[type(query)](keys),)
        case Header(name, _):
            return _fields(name, candidate)
        case Body():
            return candidate.body_texts()
        case Text():
            lines, texts = candidate.header_lines(), candidate.body_texts()
            return None if lines is None or texts is None else [*lines, *texts]
    return False


def _in_text(text: str, candidate: Candidate, has: Has) -> bool | None:
    """The header, else the body."""
    for texts in (candidate.header_lines(), candidate.body_texts()):
        if texts is None:
            return None
        if any(has(text, one) for one in texts):
            return True
    return False


def _any(query: Query, texts: Sequence[str], has: Has) -> bool | None:
    needle = query.text  # type: ignore[attr-defined]
    if isinstance(query, Header) and not needle:
        return bool(texts)
    return any(has(needle, text) for text in texts)


def _not(verdict: bool | None) -> bool | None:
    return None if verdict is None else not verdict


def _all(parts: tuple[Query, ...], candidate: Candidate, has: Has) -> bool | None:
    """One "no" decides, even where other parts cannot say yet."""
    verdict: bool | None = True
    for part in parts:
        one = matches(part, candidate, has)
        if one is False:
            return False
        if one is None:
            verdict = None
    return verdict


def has_fuzzy(query: Query) -> bool:
    """Whether a FUZZY key is in it."""
    match query:
        case And(parts):
            return any(map(has_fuzzy, parts))
        case Or(left, right):
            return has_fuzzy(left) or has_fuzzy(right)
        case Not(part):
            return has_fuzzy(part)
    return isinstance(query, Fuzzy)


def likenesses_of(query: Query, candidate: Candidate, *, fuzzy: bool = False) -> list[float] | None:
    """How alike the texts below FUZZY are, one number for each key; None: more must be read first."""
    match query:
        case Fuzzy(part):
            return likenesses_of(part, candidate, fuzzy=True)
        case And(parts):
            each = [likenesses_of(part, candidate, fuzzy=fuzzy) for part in parts]
            return None if None in each else [one for found in each if found for one in found]
        case Or(left, right):
            sides = [likenesses_of(side, candidate, fuzzy=fuzzy) for side in (left, right)]
            return None if None in sides else max(sides, key=lambda found: max(found or [0.0]))
        case Not():
            return []
    texts = texts_of(query, candidate) if fuzzy else False
    if texts is None or texts is False:
        return None if texts is None else []
    measure = likeness(query.text)  # type: ignore[attr-defined]
    return [max(map(measure.to, texts), default=0.0)]


def _column(query: Query, candidate: Candidate) -> bool:
    """Keys that columns answer, where they stand below an OR or NOT with others."""
    day = _utc_day(candidate.internal_date)
    match query:
        case All():
            return True
        case HasFlag(flag):
            return candidate.flags & flag == flag
        case HasKeyword(keyword):
            return keyword.lower() in {word.lower() for word in unpack_keywords(candidate.keywords)}
        case UidSet(ranges):
            at = bisect_right(ranges, candidate.uid, key=itemgetter(0))
            return at > 0 and candidate.uid <= ranges[at - 1][1]
        case Larger(size):
            return candidate.size > size
        case Smaller(size):
            return candidate.size < size
        case Older(seconds):
            return candidate.internal_date <= int(time.time()) - seconds
        case Younger(seconds):
            return candidate.internal_date >= int(time.time()) - seconds
        case ModSeqAtLeast(modseq):
            return candidate.modseq >= modseq
        case SavedBefore(limit):
            return _utc_day(candidate.saved_at) < limit
        case SavedOn(limit):
            return _utc_day(candidate.saved_at) == limit
        case SavedSince(limit):
            return _utc_day(candidate.saved_at) >= limit
        case IsMessage(row):
            return candidate.email_id == row
        case InThread(row):
            return (candidate.thread_id or candidate.message_row) == row
        case Before(limit):
            return day < limit
        case On(limit):
            return day == limit
        case Since(limit):
            return day >= limit
    raise TypeError(f"not a search key: {query!r}")


def _fields(name: str, candidate: Candidate) -> list[str] | None:
    """The values of the fields of that name, decoded and folded."""
    if candidate.header is None:
        return None
    key = name.lower().encode("utf-8", "replace")
    return [fold(headers.decode(value)) for value in headers.collect(candidate.header, {key}).get(key, [])]


def _sent(query: SentBefore | SentOn | SentSince, candidate: Candidate) -> bool | None:
    """By the Date field as it is written, without regard to its zone; by the arrival where there is none."""
    keys = candidate.keys()
    if keys is None:
        return None
    day = candidate.internal_date // 86_400 if keys.sent_day is None else keys.sent_day
    wanted = query.day.toordinal() - _EPOCH
    if isinstance(query, SentBefore):
        return day < wanted
    return day == wanted if isinstance(query, SentOn) else day >= wanted


def _utc_day(unix: int) -> date:
    try:
        return datetime.fromtimestamp(unix, UTC).date()
    except (ValueError, OverflowError, OSError):
        return date.min if unix < 0 else date.max
