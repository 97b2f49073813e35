"""RETURN (...) of SEARCH, SORT and ESEARCH: RFC 4466 section 2.6.1, RFC 4731, 5182, 5267, 6203 and 9394."""

import re
from dataclasses import dataclass

from protocols.imap.wire.errors import BadSyntax
from protocols.imap.wire.scanner import Scanner
from protocols.imap.wire.sequences import parse_nz_number

NAMES = frozenset({"MIN", "MAX", "ALL", "COUNT", "SAVE", "CONTEXT", "UPDATE", "RELEVANCY"})
# These ask for no result by themselves: alone they bring no ESEARCH response (RFC 5182 section 2.2, example 1).
SILENT = frozenset({"SAVE", "CONTEXT", "UPDATE"})
_RETURN = re.compile(rb"RETURN(?= ?\()", re.IGNORECASE)
_PARTIAL = re.compile(rb"(-?)(\d{1,10}):(-?)(\d{1,10})")


@dataclass(frozen=True, slots=True)
class Partial:
    """partial-range (RFC 9394 section 4): results `first` to `last`, counted from the end where `from_end`."""

    text: bytes  # as the client wrote it, which is how it comes back
    first: int
    last: int
    from_end: bool

    def slice(self, count: int) -> slice:
        """Of `count` results in their order; what is beyond the end is left out."""
        if self.from_end:
            return slice(max(0, count - self.last), max(0, count - self.first + 1))
        return slice(self.first - 1, self.last)


@dataclass(frozen=True, slots=True)
class ReturnOptions:
    """What the client wants to know of the result; an empty list means ALL (RFC 4731 section 3.1)."""

    names: frozenset[str]
    partial: Partial | None = None

    @property
    def save(self) -> bool:
        """The result becomes `$` (RFC 5182)."""
        return "SAVE" in self.names

    @property
    def update(self) -> bool:
        """The client wants to hear when the result changes (RFC 5267 section 4.3)."""
        return "UPDATE" in self.names

    @property
    def silent(self) -> bool:
        """No ESEARCH response was asked for."""
        return self.partial is None and self.names <= SILENT


ALL = ReturnOptions(frozenset({"ALL"}))


def parse_return(scan: Scanner) -> ReturnOptions | None:
    """["RETURN" SP "(" [search-return-opt *(SP search-return-opt)] ")" SP]; None where there is none."""
    if not _RETURN.match(scan.text, scan.pos):
        return None
    scan.word()
    scan.space()
    scan.expect(b"(")
    names: set[str] = set()
    partial = None
    while not scan.accept(b")"):
        name = scan.word()
        if name == "PARTIAL":
            if partial is not None:
                raise BadSyntax("More than one PARTIAL")
            scan.space()
            partial = parse_partial(scan)
        elif name in NAMES:
            names.add(name)
        else:
            raise BadSyntax("Unknown return option")
        if scan.peek() != b")":
            scan.space()
    if partial is not None and "ALL" in names:
        raise BadSyntax("Either PARTIAL or ALL")  # RFC 9394 section 3.1
    scan.space()
    return ReturnOptions(frozenset(names or ({"ALL"} if partial is None else ())), partial)


def parse_partial(scan: Scanner) -> Partial:
    """partial-range = nz-number ":" nz-number / "-" nz-number ":" "-" nz-number"""
    text = scan.match(_PARTIAL, "a range")
    found = _PARTIAL.fullmatch(text)
    if found is None or found[1] != found[3]:
        raise BadSyntax("A range from both ends")
    first, last = sorted((parse_nz_number(found[2]), parse_nz_number(found[4])))
    return Partial(text, first, last, bool(found[1]))
