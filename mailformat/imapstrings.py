"""Strings of IMAP responses (RFC 3501 section 4.3 and 9)."""

from __future__ import annotations

import re

from mailformat.limits import MAX_STRING_OCTETS

# quoted = DQUOTE *QUOTED-CHAR DQUOTE; what needs no escaping, and what may be quoted at all.
_PLAIN = re.compile(rb"[\x01-\x09\x0b\x0c\x0e-\x21\x23-\x5b\x5d-\x7f]*+")
_QUOTABLE = re.compile(rb"[\x01-\x09\x0b\x0c\x0e-\x7f]*+")
_SPECIAL = re.compile(rb'(["\\])')


def string(value: bytes) -> bytes:
    """`value` as a quoted string, or as a literal where it holds 8-bit octets or line ends.

    Cut at MAX_STRING_OCTETS. NUL can stand in neither (CHAR8 is %x01-ff): it is left out.
    """
    if len(value) > MAX_STRING_OCTETS:
        value = value[:MAX_STRING_OCTETS]
    if _PLAIN.fullmatch(value):
        return b'"%b"' % value
    if b"\0" in value:
        value = value.replace(b"\0", b"")
    if _QUOTABLE.fullmatch(value):
        return b'"%b"' % _SPECIAL.sub(rb"\\\1", value)
    return b"{%d}\r\n%b" % (len(value), value)


def nstring(value: bytes | None) -> bytes:
    """A string, or NIL for None."""
    return b"NIL" if value is None else string(value)
