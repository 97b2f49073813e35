"""The entry names of METADATA (RFC 5464 section 3.2)."""

import re

from protocols.imap.wire.errors import BadSyntax
from protocols.imap.wire.scanner import Scanner

MAX_ENTRY = 255  # octets; as many as the store keeps
MAX_ENTRIES = 100  # named in one command

# From "/private" or "/shared" on, no empty component, no wildcard, no control character.
_ENTRY = re.compile(r"/(?:private|shared)(?:/[^/*%\x00-\x1f\x7f-\U0010ffff]+)*\Z")
_VENDOR = re.compile(r"/[^/]+/vendor(?:/|\Z)")


def parse_entry(scan: Scanner, *, whole: bool = True) -> str:
    """entry = astring, in lower case, for names are without regard to case.

    whole: the name of an entry: two components, or four where the second is "vendor". Else it may be a place in the
    hierarchy, under which DEPTH looks.
    """
    name = scan.astring().decode("latin-1").lower()
    if not _ENTRY.match(name) or len(name) > MAX_ENTRY:
        raise BadSyntax("Bad entry name")
    components = name.count("/")
    if whole and components < (4 if _VENDOR.match(name) else 2):
        raise BadSyntax("Incomplete entry name")
    return name


def parse_entries(scan: Scanner) -> tuple[str, ...]:
    """entries = entry / "(" entry *(SP entry) ")"; several without parentheses too, as an example of section 4.4.1 has
    them."""
    listed = scan.accept(b"(")
    names = [parse_entry(scan, whole=False)]
    while scan.accept(b" ") and not scan.at_end():
        names.append(parse_entry(scan, whole=False))
        if len(names) > MAX_ENTRIES:
            raise BadSyntax("Too many entries")
    if listed:
        scan.expect(b")")
    return tuple(dict.fromkeys(names))
