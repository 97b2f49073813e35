"""What SEARCH, SORT, THREAD and ESEARCH share: return options, a charset, and search keys (RFC 4466 section 2.6.1)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from mailformat.charsets import is_searchable
from protocols.imap.wire.dialect import UTF8_ACCEPT
from protocols.imap.wire.errors import BadCharset, BadSyntax, Refusal
from protocols.imap.wire.scanner import Scanner
from protocols.imap.wire.search_keys import And, SearchParser
from protocols.imap.wire.search_return import ReturnOptions, parse_return

# Named in BADCHARSET: those that a client can count on everywhere, and the commonest of the many others.
NAMED_CHARSETS = "UTF-8 US-ASCII ISO-8859-1 ISO-8859-15 WINDOWS-1252"
_CHARSET = re.compile(rb"CHARSET ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Program:
    """The keys. `uses_modseq`: the answer names the highest MODSEQ (RFC 7162 section 3.1.5); `uses_fuzzy`: RFC 6203;
    `uses_numbers`: message numbers are among them, so that EXPUNGE must wait (RFC 7162 section 3.2.10.2)."""

    keys: And
    uses_modseq: bool
    uses_fuzzy: bool
    uses_numbers: bool


def parse_program(scan: Scanner) -> Program:
    """search-program = ["CHARSET" SP charset SP] search-key *(SP search-key)"""
    charset = b""
    if _CHARSET.match(scan.text, scan.pos):
        if UTF8_ACCEPT in scan.enabled:
            raise BadSyntax("No CHARSET where UTF8=ACCEPT is enabled")  # RFC 6855 section 3: the labels conflict
        scan.word()
        scan.space()
        charset = _charset(scan)
    return _keys(scan, charset)


def parse_criteria(scan: Scanner) -> Program:
    """search-criteria = charset 1*(SP search-key), of SORT and THREAD (RFC 5256 section 5)."""
    return _keys(scan, _charset(scan))


@contextmanager
def returning(scan: Scanner) -> Iterator[ReturnOptions | None]:
    """The return options in front; a NO to a command that was to save its result empties `$` (RFC 5182 section 2.1)."""
    options = parse_return(scan)
    try:
        yield options
    except Refusal as refusal:
        refusal.saving = options is not None and options.save
        raise


def check_relevancy(wanted: bool, program: Program) -> None:
    """RELEVANCY MUST NOT be used unless a FUZZY search key is given (RFC 6203 sections 4 and 6)."""
    if wanted and not program.uses_fuzzy:
        raise BadSyntax("RELEVANCY needs a FUZZY search key")


def _charset(scan: Scanner) -> bytes:
    name = scan.astring()
    scan.space()
    if not is_searchable(name.decode("ascii", "replace")):
        raise BadCharset("Charset not supported", code=f"BADCHARSET ({NAMED_CHARSETS})")
    return name


def _keys(scan: Scanner, charset: bytes) -> Program:
    parser = SearchParser(scan, charset.decode())
    keys = parser.keys()
    return Program(keys, parser.uses_modseq, parser.uses_fuzzy, parser.uses_numbers)
