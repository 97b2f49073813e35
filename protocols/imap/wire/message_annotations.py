"""Annotations of messages (RFC 5257 section 3.2.1): the syntax of ANNOTATEMORE, with rules of their own for names."""

import re
from dataclasses import dataclass

from protocols.imap.wire.annotations import (
    MAX_ENTRIES,
    EntryValues,
    parse_attributes,
    parse_entry_match,
    parse_entry_matches,
    parse_entry_values,
)
from protocols.imap.wire.errors import BadSyntax
from protocols.imap.wire.scanner import Scanner

ATTRIBUTES = ("value", "size")
STORED = ("value",)  # the size is computed
SEARCHED = ("value",)

_PART = re.compile(r"/([1-9]\d{0,9}(?:\.[1-9]\d{0,9})*)/")
_PART_FLAG = re.compile(r"/[\d.]+/flags/")
_NUMERIC = re.compile(r"/\d")
_RESERVED = re.compile(r"/flags(?:/|\Z)")


@dataclass(frozen=True, slots=True)
class AnnotationItem:
    """ANNOTATION of FETCH: entries may be patterns, attributes have their suffixes."""

    entries: tuple[str, ...]
    attributes: tuple[str, ...]


def parse_annotation_item(scan: Scanner) -> AnnotationItem:
    """fetch-att =/ "ANNOTATION" SP "(" entries SP attribs ")", from behind the word on"""
    scan.space()
    scan.expect(b"(")
    entries = parse_entry_matches(scan)
    scan.space()
    item = AnnotationItem(entries, parse_attributes(scan, ATTRIBUTES))
    scan.expect(b")")
    for entry in entries:
        _check_part(entry)
    return item


def parse_att_annotate(scan: Scanner) -> tuple[EntryValues, ...]:
    """att-annotate = "ANNOTATION" SP "(" entry-att *(SP entry-att) ")", from behind the word on"""
    scan.space()
    scan.expect(b"(")
    found: dict[str, EntryValues] = {}
    while True:
        values = parse_entry_values(scan, STORED)
        _check_stored(values)
        if values[0] in found or len(found) == MAX_ENTRIES:
            raise BadSyntax("An entry is named twice, or too many are")
        found[values[0]] = values
        if scan.accept(b")"):
            return tuple(found.values())
        scan.space()


def parse_search(scan: Scanner) -> tuple[str, frozenset[str]]:
    """entry-match SP att-search; the suffixes that are meant"""
    entry = parse_entry_match(scan)
    _check_part(entry)
    scan.space()
    names = parse_attributes(scan, SEARCHED)
    return entry, frozenset(name.rpartition(".")[2] for name in names)


def part_of(entry: str) -> str:
    """The number of the body part that an entry belongs to; "" for the message itself."""
    found = _PART.match(entry)
    return found[1] if found else ""


def _check_part(entry: str) -> None:
    """An entry that begins with a digit is one of a body part, and says of which."""
    if _NUMERIC.match(entry) and not _PART.match(entry):
        raise BadSyntax("Bad part number")


def _check_stored(values: EntryValues) -> None:
    """Nobody uses /flags (section 3.5), and flags of a body part are 1 or 0 (section 3.2.1)."""
    entry, attributes = values
    _check_part(entry)
    if _RESERVED.match(entry):
        raise BadSyntax("Reserved entry name")
    if _PART_FLAG.match(entry) and any(value not in (b"0", b"1", None) for _, value in attributes):
        raise BadSyntax("A flag of a part is 1 or 0")
