"""LANGUAGE (RFC 5255 section 3.2)."""

import re
from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.errors import BadSyntax
from protocols.imap.wire.scanner import Scanner

MAX_RANGES = 50  # browsers send some ten of them in Accept-Language
_RANGE = re.compile(rb"(?:[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)\Z")


@dataclass(frozen=True, slots=True)
class Language(Command):
    """`ranges` in the order of preference; empty: which languages are there?"""

    ranges: tuple[str, ...]


def parse(tag: bytes, scan: Scanner) -> Language:
    """language-cmd = "LANGUAGE" *(SP lang-range-quoted); a range is RFC 4647's language-range"""
    ranges: list[str] = []
    while scan.accept(b" ") and not scan.at_end():
        text = scan.astring()
        if not _RANGE.match(text):
            raise BadSyntax("A language range is letters, digits and hyphens")
        ranges.append(text.decode())
        if len(ranges) > MAX_RANGES:
            raise BadSyntax("Too many languages")
    return Language(tag, tuple(ranges))
