"""Does a message match a search key? Three answers: yes, no, and "cannot say before more of it is read"."""

import re
import time
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from operator import itemgetter

from mailformat import headers, mime
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

COLUMNS = (
    "e.uid, e.flags, e.keywords, e.modseq, e.internal_date, e.size, e.content_id, m.sent_at, m.subject, m.structure"
)
# A day in any time zone is within this many seconds of the same day in UTC.
ZONE_SLACK = 15 * 3600
_DATE = re.compile(r"(\d{1,2})[\s-]+([A-Za-z]{3})[A-Za-z]*[\s-]+(\d{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FIELDS: dict[type[Query], str] = {From_: "From", To: "To", Cc: "Cc", Bcc: "Bcc"}


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
    sent_at: int
    subject: str
    structure: bytes
    header: bytes | None = None
    body: bytes | None = None
    _text: list[str] | None = None

    def forget(self) -> None:
        """Drop what was read, so that a search holds one message at a time."""
        self.header = self.body = self._text = None

    def body_texts(self) -> list[str] | None:
        """Every text part, decoded and folded, with the headers of attached messages; None: not read."""
        if self.header is None or self.body is None:
            return None
        if self._text is None:
            data = self.header + self.body
            self._text = [text.casefold() for text in _texts(data, mime.load(self.structure))]
        return self._text


def _texts(data: bytes, root: mime.Part) -> list[str]:
    found = []
    for part in root.walk():
        if part.message is not None:
            header = data[part.message.header_start : part.message.body_start]
            found += [_line(field) for field in headers.fields(header)]
        elif part.type == "text":
            found.append(mime.text_of(data, part))
    return found


def _line(field: headers.HeaderField) -> str:
    return f"{headers.decode(field.name)}: {headers.decode(field.raw_value)}"


@lru_cache(maxsize=64)
def fold(text: str) -> str:
    """What is searched for, as it is compared with text.casefold()."""
    return text.casefold()


def matches(query: Query, candidate: Candidate) -> bool | None:
    """Whether it matches; None: more of the message must be read first."""
    match query:
        case And(parts):
            return _all(parts, candidate)
        case Or(left, right):
            return _not(_all((Not(left), Not(right)), candidate))
        case Not(part):
            return _not(matches(part, candidate))
        case Subject(text):
            return fold(text) in candidate.subject.casefold()
        case From_(text) | To(text) | Cc(text) | Bcc(text):
            return _in_header(_FIELDS[type(query)], text, candidate)
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
    wanted = fold(text)
    return any(wanted in headers.decode(value).casefold() for value in values)


def _in_body(text: str, candidate: Candidate) -> bool | None:
    texts = candidate.body_texts()
    if texts is None:
        return None
    wanted = fold(text)
    return any(wanted in one for one in texts)


def _in_text(text: str, candidate: Candidate) -> bool | None:
    """The header, else the body."""
    if candidate.header is None:
        return None
    wanted = fold(text)
    if any(wanted in line for line in _header_lines(candidate.header)):
        return True
    return _in_body(text, candidate)


def _header_lines(header: bytes) -> list[str]:
    """The fields, decoded and folded; at once where nothing in them is encoded."""
    if header.isascii() and b"=?" not in header:
        plain = header.replace(b"\r\n ", b" ").replace(b"\r\n\t", b" ").replace(b"\t", b" ")
        return plain.decode("ascii").casefold().split("\r\n")
    return [_line(field).casefold() for field in headers.fields(header)]


def _sent(query: SentBefore | SentOn | SentSince, candidate: Candidate) -> bool | None:
    """By the Date field as it is written, without regard to its zone; by the arrival where there is none."""
    earliest, latest = (_utc_day(candidate.sent_at + slack) for slack in (-ZONE_SLACK, ZONE_SLACK))
    verdict = _compare(query, earliest)
    if verdict == _compare(query, latest) and not isinstance(query, SentOn):
        return verdict
    if isinstance(query, SentOn) and not earliest <= query.day <= latest:
        return False
    if candidate.header is None:
        return None
    return _compare(query, _written_day(candidate.header) or _utc_day(candidate.sent_at))


def _compare(query: SentBefore | SentOn | SentSince, day: date) -> bool:
    if isinstance(query, SentBefore):
        return day < query.day
    return day == query.day if isinstance(query, SentOn) else day >= query.day


def _utc_day(unix: int) -> date:
    try:
        return datetime.fromtimestamp(unix, UTC).date()
    except (ValueError, OverflowError, OSError):
        return date.min if unix < 0 else date.max


def _written_day(header: bytes) -> date | None:
    value = headers.find(header, "Date")
    found = _DATE.search(value.decode("ascii", "replace")) if value else None
    if found is None or found[2].lower() not in _MONTHS:
        return None
    try:
        return date(int(found[3]), _MONTHS.index(found[2].lower()) + 1, int(found[1]))
    except ValueError:
        return None
