"""Modified UTF-7, the encoding of mailbox names (RFC 3501 section 5.1.3)."""

from __future__ import annotations

import re
from binascii import Error, a2b_base64, b2a_base64

_SPECIAL = re.compile(r"&|[^\x20-\x7e]+")
_SHIFT = re.compile(rb"&([^-]*)-")
_PRINTABLE = re.compile(rb"[\x20-\x7e]*")


class BadUtf7(ValueError):
    """The bytes are not modified UTF-7."""


def encode(name: str) -> bytes:
    """The name in modified UTF-7. Lone surrogates raise BadUtf7: they have no UTF-16 form."""
    try:
        return _SPECIAL.sub(_shifted, name).encode("ascii")
    except UnicodeEncodeError as error:
        raise BadUtf7("a lone surrogate cannot be encoded") from error


def decode(name: bytes) -> str:
    """The name that these bytes encode. Strict: exactly what encode() would give, else BadUtf7.

    Refused are 8-bit and control characters, an unclosed shift, padding, printable ASCII
    inside a shift, two shifts in a row, left-over bits and half surrogate pairs: each
    would give one mailbox two names.
    """
    if not _PRINTABLE.fullmatch(name):
        raise BadUtf7("only printable US-ASCII may appear")
    if name.count(b"&") != len(_SHIFT.findall(name)):
        raise BadUtf7("a shift is not closed")
    text = _SHIFT.sub(_unshifted, name).decode("utf-8")
    if encode(text) != name:
        raise BadUtf7("not the canonical form")
    return text


def _shifted(match: re.Match[str]) -> str:
    run = match.group()
    if run == "&":
        return "&-"
    base64 = b2a_base64(run.encode("utf-16-be"), newline=False).decode("ascii")
    return "&" + base64.rstrip("=").replace("/", ",") + "-"


def _unshifted(match: re.Match[bytes]) -> bytes:
    run = match.group(1)
    if not run:
        return b"&"
    try:
        units = a2b_base64(run.replace(b",", b"/") + b"=" * (-len(run) % 4), strict_mode=True)
        return units.decode("utf-16-be").encode("utf-8")
    except (Error, UnicodeDecodeError) as error:
        raise BadUtf7("malformed base64 or UTF-16") from error
