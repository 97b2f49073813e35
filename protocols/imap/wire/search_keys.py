"""SEARCH's keys (RFC 3501 section 6.4.4, RFC 5032, 6203, 7162 section 3.1.5) as a tree of small frozen classes."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from mailformat.charsets import decode_search_string
from protocols.imap.wire import flag_lists
from protocols.imap.wire.dates import parse_date
from protocols.imap.wire.dialect import is_gone
from protocols.imap.wire.errors import BadSyntax, TooManyKeys
from protocols.imap.wire.message_annotations import parse_search
from protocols.imap.wire.scanner import Scanner
from protocols.imap.wire.sequences import SequenceSet, parse_nz_number
from protocols.imap.wire.values import parse_value

MAX_KEYS = 1000  # clients that join UID lists by OR stay far below
MAX_DEPTH = 50  # of parentheses, NOT and OR


__all__ = [
    "And", "Annotation", "Date", "Flag", "Fuzzy", "Header", "Key", "Keyword", "ModSeq", "Not", "Numbers", "ObjectId",
    "Or", "Recent", "SearchParser", "SequenceSet", "Size", "Text", "Within",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class And:
    keys: tuple["Key", ...]  # empty: ALL


@dataclass(frozen=True, slots=True)
class Or:
    left: "Key"
    right: "Key"


@dataclass(frozen=True, slots=True)
class Not:
    key: "Key"


@dataclass(frozen=True, slots=True)
class Flag:
    mask: int  # flag_lists.SEEN ...


@dataclass(frozen=True, slots=True)
class Keyword:
    name: str


@dataclass(frozen=True, slots=True)
class Recent:
    pass


@dataclass(frozen=True, slots=True)
class Numbers:
    messages: SequenceSet
    uid: bool


@dataclass(frozen=True, slots=True)
class Text:
    where: str  # "BCC" "BODY" "CC" "FROM" "SUBJECT" "TEXT" "TO"
    value: str


@dataclass(frozen=True, slots=True)
class Header:
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Date:
    which: str  # "BEFORE" "ON" "SINCE" "SENTBEFORE" "SENTON" "SENTSINCE"
    day: date


@dataclass(frozen=True, slots=True)
class Within:
    """OLDER and YOUNGER (RFC 5032)."""

    older: bool
    seconds: int


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """FUZZY (RFC 6203): what is like it matches too."""

    key: "Key"


@dataclass(frozen=True, slots=True)
class ObjectId:
    kind: str  # "EMAILID" "THREADID" (RFC 8474 section 6)
    value: bytes


@dataclass(frozen=True, slots=True)
class Size:
    larger: bool
    octets: int


@dataclass(frozen=True, slots=True)
class Annotation:
    entry: str  # "*" and "%" as in LIST
    scopes: frozenset[str]  # "priv", "shared"
    value: str


@dataclass(frozen=True, slots=True)
class ModSeq:
    value: int


Key = (
    And | Annotation | Or | Not | Flag | Keyword | Recent | Numbers | Text | Header | Date | Within | Fuzzy | ObjectId
    | Size | ModSeq
)  # fmt: skip

_FLAGS: dict[str, Key] = {
    "ALL": And(()),
    "SAVEDATESUPPORTED": And(()),  # in each mailbox (RFC 8514 section 4.3)
    "RECENT": Recent(),
    "OLD": Not(Recent()),
    "NEW": And((Recent(), Not(Flag(flag_lists.SEEN)))),
}
for _mask, _name in flag_lists.NAMES.items():
    if _mask != flag_lists.RECENT:
        _word = _name[1:].decode().upper()
        _FLAGS[_word] = Flag(_mask)
        _FLAGS["UN" + _word] = Not(Flag(_mask))
_TEXTS = frozenset({"BCC", "BODY", "CC", "FROM", "SUBJECT", "TEXT", "TO"})
_DATES = frozenset(
    {"BEFORE", "ON", "SINCE", "SENTBEFORE", "SENTON", "SENTSINCE", "SAVEDBEFORE", "SAVEDON", "SAVEDSINCE"}
)
_OBJECT_ID = re.compile(rb"[A-Za-z0-9_\-]{1,255}(?![A-Za-z0-9_\-])")
_INTERVAL = re.compile(rb"\d{1,10}")


class SearchParser:
    """Reads search keys; counts them and their depth."""

    def __init__(self, scan: Scanner, charset: str) -> None:
        self.scan = scan
        self.charset = charset  # as it was named; "": it was not
        self.uses_modseq = False
        self.uses_fuzzy = False
        self.uses_numbers = False
        self._left = MAX_KEYS

    def keys(self, depth: int = 0) -> And:
        """search-key *(SP search-key)"""
        found = [self.key(depth)]
        while self.scan.accept(b" "):
            if self.scan.at_end():
                break
            found.append(self.key(depth))
        return And(tuple(found))

    def key(self, depth: int) -> Key:
        """search-key"""
        self._left -= 1
        if self._left < 0 or depth > MAX_DEPTH:
            raise TooManyKeys("Too many search keys", code="LIMIT")
        if self.scan.accept(b"("):
            keys = self.keys(depth + 1)
            self.scan.expect(b")")
            return keys
        if self.scan.peek() in b"0123456789*$" and self.scan.peek():
            self.uses_numbers |= self.scan.peek() != b"$"
            return Numbers(self.scan.sequence_set(), uid=False)
        word = self.scan.word()
        if word in _FLAGS and not is_gone(word, self.scan.enabled):
            return _FLAGS[word]
        if word in _TEXTS:
            return Text(word, self._string())
        if word in _DATES:
            return Date(word, self._date())
        read = _OTHERS.get(word)
        if read is None:
            raise BadSyntax("Unknown search key")
        self.scan.space()
        return read(self, depth)

    def _string(self) -> str:
        self.scan.space()
        return self._decode(self.scan.astring())

    def _decode(self, raw: bytes) -> str:
        """In the charset that was named. Without one, what is not UTF-8 is taken as Latin-1 (clients do send it)."""
        text = decode_search_string(raw, self.charset)
        if text is None:
            if self.charset:
                raise BadSyntax("The search string is not valid in its charset")
            return raw.decode("latin-1")
        return text

    def _date(self) -> date:
        self.scan.space()
        return parse_date(self.scan.astring())

    def _not(self, depth: int) -> Key:
        return Not(self.key(depth + 1))

    def _or(self, depth: int) -> Key:
        left = self.key(depth + 1)
        self.scan.space()
        return Or(left, self.key(depth + 1))

    def _fuzzy(self, depth: int) -> Key:
        self.uses_fuzzy = True
        return Fuzzy(self.key(depth + 1))

    def _within(self, older: bool) -> Key:
        return Within(older, parse_nz_number(self.scan.match(_INTERVAL, "a number of seconds")))

    def _object_id(self, kind: str) -> Key:
        return ObjectId(kind, self.scan.match(_OBJECT_ID, "an object identifier"))

    def _header(self, depth: int) -> Key:
        name = self._decode(self.scan.astring())
        return Header(name, self._string())

    def _modseq(self, depth: int) -> Key:
        """MODSEQ [entry-name SP entry-type-req] number; the entry narrows nothing here, as all flags share a MODSEQ"""
        self.uses_modseq = True
        if self.scan.peek() == b'"':
            self.scan.string()
            self.scan.space()
            if self.scan.word() not in ("ALL", "PRIV", "SHARED"):
                raise BadSyntax("Bad entry type")
            self.scan.space()
        return ModSeq(self.scan.number())


def _annotation(parser: SearchParser, depth: int) -> Key:
    """ANNOTATION entry-match SP att-search SP value (RFC 5257 section 4.8)"""
    entry, scopes = parse_search(parser.scan)
    parser.scan.space()
    value = parse_value(parser.scan)
    if value is None:
        raise BadSyntax("Nothing to search for")
    return Annotation(entry, scopes, parser._decode(value))


_OTHERS: dict[str, Callable[[SearchParser, int], Key]] = {
    "NOT": SearchParser._not,
    "OR": SearchParser._or,
    "FUZZY": SearchParser._fuzzy,
    "OLDER": lambda self, depth: self._within(older=True),
    "YOUNGER": lambda self, depth: self._within(older=False),
    "HEADER": SearchParser._header,
    "EMAILID": lambda self, depth: self._object_id("EMAILID"),
    "THREADID": lambda self, depth: self._object_id("THREADID"),
    "ANNOTATION": _annotation,
    "MODSEQ": SearchParser._modseq,
    "KEYWORD": lambda self, depth: Keyword(self.scan.atom().decode()),
    "UNKEYWORD": lambda self, depth: Not(Keyword(self.scan.atom().decode())),
    "UID": lambda self, depth: Numbers(self.scan.sequence_set(), uid=True),
    "LARGER": lambda self, depth: Size(True, self.scan.number()),
    "SMALLER": lambda self, depth: Size(False, self.scan.number()),
}
