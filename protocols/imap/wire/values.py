"""value = nstring / literal8, of annotations (RFC 5464 section 5, RFC 5257 section 5)."""

import re

from protocols.imap.wire.response import string
from protocols.imap.wire.scanner import Scanner

_NIL = re.compile(rb"NIL(?![\x21\x23-\x27\x2a-\x5b\x5d-\x7a\x7c-\x7e])", re.IGNORECASE)


def parse_value(scan: Scanner) -> bytes | None:
    """NIL is None. A literal8 (RFC 4466 section 4) may hold NUL, a string may not."""
    if _NIL.match(scan.text, scan.pos):
        scan.word()
        return None
    if scan.accept(b"~"):
        return scan.short_literal()
    return scan.string()


def value(octets: bytes | None) -> bytes:
    """The same as it is sent: quoted, a literal, or a literal8 where there is a NUL."""
    if octets is None:
        return b"NIL"
    if b"\0" in octets:
        return b"~{%d}\r\n%b" % (len(octets), octets)
    return string(octets)
