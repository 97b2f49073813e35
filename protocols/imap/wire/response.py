"""Responses as octets (RFC 3501 sections 7 and 9)."""

import re
from collections.abc import Iterable

from mailformat.utf7 import encode

CRLF = b"\r\n"
_PLAIN = re.compile(rb"[\x21\x23\x24\x26\x27\x2b-\x5b\x5d-\x7a\x7c-\x7e]+\Z")
_QUOTABLE = re.compile(rb"[\x01-\x09\x0b\x0c\x0e-\x7f]*\Z")
_SPECIAL = re.compile(rb'([\\"])')
# A client is not bound to take quoted strings of any length (RFC 2683 section 3.2.1.5 counts lines).
MAX_QUOTED = 1000


def string(value: bytes) -> bytes:
    """quoted, or literal where that cannot be."""
    if len(value) <= MAX_QUOTED and _QUOTABLE.match(value):
        return b'"' + _SPECIAL.sub(rb"\\\1", value) + b'"'
    return b"{%d}\r\n%b" % (len(value), value)


def astring(value: bytes) -> bytes:
    """An atom where possible, for short lines."""
    if _PLAIN.match(value) and value.upper() != b"NIL":
        return value
    return string(value)


def mailbox(name: str, *, utf8: bool) -> bytes:
    """A mailbox name on the wire: modified UTF-7 or UTF-8, always quoted (all clients read that)."""
    if not utf8 or name.isascii():
        return string(name.encode() if utf8 else encode(name))
    return b'"' + _SPECIAL.sub(rb"\\\1", name.encode()) + b'"'  # a name has no CR, LF or NUL and is short


def status(tag: bytes, word: str, text: str, code: bytes = b"") -> bytes:
    """`A1 OK [CODE] text`"""
    coded = b"[%b] " % code if code else b""
    return b"%b %b %b%b\r\n" % (tag, word.encode(), coded, text.encode())


def untagged(text: bytes) -> bytes:
    """`* text`"""
    return b"* " + text + CRLF


def paren(items: Iterable[bytes]) -> bytes:
    """`(a b c)`"""
    return b"(" + b" ".join(items) + b")"
