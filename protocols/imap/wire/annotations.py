"""Entries with attributes, as RFC 5257 section 5 and the draft of ANNOTATEMORE before it write them alike.

`/comment (value.priv "x" size.shared "3")`: what METADATA says by the name alone, an attribute's suffix says here.
"""

import re
from collections.abc import Callable

from protocols.imap.wire.errors import BadSyntax
from protocols.imap.wire.scanner import Scanner
from protocols.imap.wire.values import parse_value

MAX_ENTRY = 246  # octets; with METADATA's "/private" before them as many as the store keeps
MAX_ENTRIES = 100  # named in one command
SCOPES = ("priv", "shared")

# No empty component, no control character.
_ENTRY = re.compile(r"(?:/[^/\x00-\x1f\x7f-\U0010ffff]+)+\Z")
_PATTERN = re.compile(r"[^\x00-\x1f\x7f-\U0010ffff]+\Z")

# Entry, and its attributes with their values.
EntryValues = tuple[str, tuple[tuple[str, bytes | None], ...]]


def is_pattern(entry: str) -> bool:
    """ "*" and "%" stand for others."""
    return "*" in entry or "%" in entry


def parse_entry(scan: Scanner) -> str:
    """entry = astring, slash-separated, without wildcards"""
    name = scan.astring().decode("latin-1")
    if not _ENTRY.match(name) or is_pattern(name) or len(name) > MAX_ENTRY:
        raise BadSyntax("Bad entry name")
    return name


def parse_entry_matches(scan: Scanner) -> tuple[str, ...]:
    """entries = entry-match / "(" entry-match *(SP entry-match) ")" """
    return _one_or_many(scan, parse_entry_match)


def parse_entry_match(scan: Scanner) -> str:
    """entry-match = list-mailbox, "*" and "%" as in LIST"""
    name = scan.list_pattern().decode("latin-1")
    allowed = _PATTERN if is_pattern(name) else _ENTRY
    if not allowed.match(name) or len(name) > MAX_ENTRY:
        raise BadSyntax("Bad entry name")
    return name


def parse_attributes(scan: Scanner, known: tuple[str, ...]) -> tuple[str, ...]:
    """attribs = attrib / "(" attrib *(SP attrib) ")", with their suffixes: without one, both are meant"""
    wanted = _one_or_many(scan, lambda each: each.list_pattern().decode("latin-1").lower())
    return tuple(dict.fromkeys(name for attribute in wanted for name in _expanded(attribute, known)))


def parse_entry_values(scan: Scanner, known: tuple[str, ...]) -> EntryValues:
    """entry-att = entry SP "(" att-value *(SP att-value) ")"; an attribute that is stored has its suffix"""
    entry = parse_entry(scan)
    scan.space()
    scan.expect(b"(")
    values: dict[str, bytes | None] = {}
    while True:
        name = scan.astring().decode("latin-1").lower()
        if name not in _expanded(name, known) or name in values:
            raise BadSyntax("Bad attribute name")
        scan.space()
        values[name] = parse_value(scan)
        if scan.accept(b")"):
            return entry, tuple(values.items())
        scan.space()


def _expanded(attribute: str, known: tuple[str, ...]) -> list[str]:
    names = [f"{base}.{scope}" for base in known for scope in SCOPES]
    if is_pattern(attribute):
        pieces = {"*": ".*", "%": "[^.]*"}
        expression = "".join(pieces.get(piece) or re.escape(piece) for piece in re.split("([*%])", attribute))
        return [name for name in names if re.fullmatch(expression, name)]
    found = [name for name in names if name in (attribute, f"{attribute}.priv", f"{attribute}.shared")]
    if not found:
        raise BadSyntax("Bad attribute name")
    return found


def _one_or_many(scan: Scanner, parse: Callable[[Scanner], str]) -> tuple[str, ...]:
    if not scan.accept(b"("):
        return (parse(scan),)
    found = [parse(scan)]
    while not scan.accept(b")"):
        scan.space()
        found.append(parse(scan))
        if len(found) > MAX_ENTRIES:
            raise BadSyntax("Too many entries")
    return tuple(dict.fromkeys(found))
