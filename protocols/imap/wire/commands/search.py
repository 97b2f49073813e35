"""SEARCH and UID SEARCH (RFC 3501 section 6.4.4)."""

import re
from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.errors import BadCharset
from protocols.imap.wire.scanner import Scanner
from protocols.imap.wire.search_keys import And, SearchParser

CHARSETS = {b"UTF-8": "utf-8", b"US-ASCII": "us-ascii"}
_CHARSET = re.compile(rb"CHARSET ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Search(Command):
    """`uses_modseq`: a MODSEQ key was among them, and the answer names the highest MODSEQ (RFC 7162 section 3.1.5)."""

    keys: And
    uses_modseq: bool
    uid: bool


def parse(tag: bytes, scan: Scanner, uid: bool = False) -> Search:
    """search = "SEARCH" [SP "CHARSET" SP astring] 1*(SP search-key)"""
    scan.space()
    charset = "us-ascii"
    if _CHARSET.match(scan.text, scan.pos):
        scan.word()
        scan.space()
        name = scan.astring().upper()
        if name not in CHARSETS:
            raise BadCharset("Charset not supported", code="BADCHARSET (UTF-8 US-ASCII)")
        charset = CHARSETS[name]
        scan.space()
    parser = SearchParser(scan, charset)
    keys = parser.keys()
    return Search(tag, keys, parser.uses_modseq, uid)
