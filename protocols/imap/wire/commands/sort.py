"""SORT and UID SORT (RFC 5256), with return options (RFC 5267 section 3), SORT=DISPLAY (RFC 5957), RELEVANCY
and ANNOTATION (RFC 5257)."""

from dataclasses import dataclass

from protocols.imap.wire.annotations import parse_entry
from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.errors import BadSyntax
from protocols.imap.wire.scanner import Scanner
from protocols.imap.wire.search_program import Program, check_relevancy, parse_criteria, returning
from protocols.imap.wire.search_return import ReturnOptions

SORT_KEYS = frozenset({
    "ARRIVAL", "CC", "DATE", "FROM", "SIZE", "SUBJECT", "TO", "DISPLAYFROM", "DISPLAYTO", "RELEVANCY",
})  # fmt: skip
MAX_CRITERIA = 20  # each is a pass over the result; there are ten keys


@dataclass(frozen=True, slots=True)
class AnnotationKey:
    """ANNOTATION entry att-sort (RFC 5257 section 4.9)."""

    entry: str
    shared: bool


SortKey = str | AnnotationKey


@dataclass(frozen=True, slots=True)
class Sort(Command):
    """`criteria`: (sort-key, REVERSE)."""

    options: ReturnOptions | None
    criteria: tuple[tuple[SortKey, bool], ...]
    program: Program
    uid: bool


def parse(tag: bytes, scan: Scanner, uid: bool = False) -> Sort:
    """sort = "SORT" [SP search-return-opts] SP sort-criteria SP search-criteria"""
    scan.space()
    with returning(scan) as options:
        criteria = _criteria(scan)
        scan.space()
        program = parse_criteria(scan)
        wanted = ("RELEVANCY", False) in criteria or ("RELEVANCY", True) in criteria
        check_relevancy(wanted or (options is not None and "RELEVANCY" in options.names), program)
        return Sort(tag, options, criteria, program, uid)


def _criteria(scan: Scanner) -> tuple[tuple[SortKey, bool], ...]:
    """sort-criteria = "(" sort-criterion *(SP sort-criterion) ")"; sort-criterion = ["REVERSE" SP] sort-key"""
    scan.expect(b"(")
    found = [_criterion(scan)]
    while not scan.accept(b")"):
        scan.space()
        found.append(_criterion(scan))
        if len(found) > MAX_CRITERIA:
            raise BadSyntax("Too many sort criteria")
    return tuple(found)


def _criterion(scan: Scanner) -> tuple[SortKey, bool]:
    word = scan.word()
    reverse = word == "REVERSE"
    if reverse:
        scan.space()
        word = scan.word()
    if word == "ANNOTATION":
        return _annotation(scan), reverse
    if word not in SORT_KEYS:
        raise BadSyntax("Unknown sort key")
    return word, reverse


def _annotation(scan: Scanner) -> AnnotationKey:
    """The entry without wildcards, the attribute with its suffix: it is one value that is sorted by."""
    scan.space()
    entry = parse_entry(scan)
    scan.space()
    attribute = scan.astring().lower()
    if attribute not in (b"value.priv", b"value.shared"):
        raise BadSyntax("Bad attribute name")
    return AnnotationKey(entry, attribute == b"value.shared")
