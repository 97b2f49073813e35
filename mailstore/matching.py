"""Does a message match a search key? Three answers: yes, no, and "cannot say before more of it is read"."""

import time
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from operator import attrgetter, itemgetter

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

COLUMNS = "e.uid, e.flags, e.keywords, e.modseq, e.internal_date, e.size, e.content_id, m.structure"


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
    structure: bytes
    header: bytes | None = None
    body: bytes | None = None
    _keys: SearchKeys | None = None
    _text: list[str] | None = None

    def forget(self) -> None:
        """Drop what was read, so that a search holds one message at a time."""
        self.header = self.body = self._keys = self._text = None

    def keys(self) -> SearchKeys | None:
        """What the header says, folded; None: not read."""
        if self._keys is None and self.header is not None:
            self._keys = search_keys(self.header)
        return self._keys

    def body_texts(self) -> list[str] | None:
        """Every text part, decoded and folded, with the headers of attached messages; None: not read."""
        if self.header is None or self.body is None:
            return None
        if self._text is None:
            self._text = body_texts(self.header + self.body, mime.load(self.structure))
        return self._text


def matches(query: Query, candidate: Candidate) -> bool | None:
    """Whether it matches; None: more of the message must be read first."""
    match query:
        case And(parts):
            return _all(parts, candidate)
        case Or(left, right):
            return _not(_all((Not(left), Not(right)), candidate))
        case Not(part):
            return _not(matches(part, candidate))
        case Subject(text) | From_(text) | To(text) | Cc(text) | Bcc(text):
            keys = candidate.keys()
            return None if keys is None else fold_needle(text) in _FIELDS[type(query)](keys)
        case Header(name, text):
            return _in_header(name, text, candidate)
        case Body(text):
            return _in_body(text, candidate)
        case Text(text):
            return _in_text(text, candidate)
        case SentBefore() | SentOn() | SentSince():
            return _sent(query, candidate)
    return _column(query, candidate)


def _not(verdict: bool | None) -> bool | None:
    return None if verdict is None else not verdict


def _all(parts: tuple[Query, ...], candidate: Candidate) -> bool | None:
    """One "no" decides, even where other parts cannot say yet."""
    verdict: bool | None = True
    for part in parts:
        one = matches(part, candidate)
        if one is False:
            return False
        if one is None:
            verdict = None
    return verdict


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
        case Before(limit):
            return day < limit
        case On(limit):
            return day == limit
        case Since(limit):
            return day >= limit
    raise TypeError(f"not a search key: {query!r}")


def _in_header(name: str, text: str, candidate: Candidate) -> bool | None:
    if candidate.header is None:
        return None
    key = name.lower().encode("utf-8", "replace")
    values = headers.collect(candidate.header, {key}).get(key, [])
    if not text:
        return bool(values)
    wanted = fold_needle(text)
    return any(wanted in fold(headers.decode(value)) for value in values)


def _in_body(text: str, candidate: Candidate) -> bool | None:
    texts = candidate.body_texts()
    if texts is None:
        return None
    wanted = fold_needle(text)
    return any(wanted in one for one in texts)


def _in_text(text: str, candidate: Candidate) -> bool | None:
    """The header, else the body."""
    if candidate.header is None:
        return None
    wanted = fold_needle(text)
    if any(wanted in line for line in header_lines(candidate.header)):
        return True
    return _in_body(text, candidate)


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
