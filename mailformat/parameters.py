"""`main; name=value` fields: Content-Type, Content-Disposition (RFC 2045 section 5.1, RFC 2231)."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from urllib.parse import unquote_to_bytes

from mailformat.charsets import to_text
from mailformat.headers import decode, without_controls
from mailformat.limits import MAX_PARAMETERS

# Tolerant on purpose: unquoted values may hold spaces, the last quote may be missing.
# Possessive: no stretch of junk is looked at twice.
_PARAMETER = re.compile(rb';\s*+([^\s=;"]++)\s*+=\s*+(?:"((?:[^"\\]|\\.)*+)"?|([^;]*+))', re.DOTALL)
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
_COMMENT = re.compile(rb"(?:^|\s)\([^()]*\)\s*$")
_PIECE = re.compile(rb"([^*]+)\*(\d{1,4})(\*?)")
_MAIN = re.compile(rb"\s*+([^\s;()]*+)")

# Most mail repeats a few short values; longer ones would only fill the memory.
_WORTH_REMEMBERING = 200

Parameters = tuple[tuple[bytes, bytes], ...]


def parse(value: bytes) -> tuple[bytes, Parameters]:
    """The main value and the (lower-case name, value) pairs in order, quoting removed.

    RFC 2231 continuations are joined: `name*0*=a; name*1=b` gives the name `name*`, its
    value still percent-encoded; `name*0=a; name*1=b` gives `name`.
    """
    return _remembered(value) if len(value) < _WORTH_REMEMBERING else _parse(value)


def _parse(value: bytes) -> tuple[bytes, Parameters]:
    head = _MAIN.match(value)
    main = head[1] if head else b""
    plain: dict[bytes, bytes] = {}
    pieces: dict[bytes, dict[int, tuple[bytes, bool]]] = {}
    for match in islice(_PARAMETER.finditer(value, head.end() if head else 0), MAX_PARAMETERS):
        name = match[1].lower()
        text = _token(match[3]) if match[2] is None else _unquoted(match[2])
        piece = _PIECE.fullmatch(name) if b"*" in name else None
        if piece:
            pieces.setdefault(piece[1], {}).setdefault(int(piece[2]), (text, bool(piece[3])))
        else:
            plain.setdefault(name, text)
    for name, numbered in pieces.items():
        joined, extended = _joined(numbered)
        plain.setdefault(name + b"*" if extended else name, joined)
    return main, tuple(plain.items())


_remembered = lru_cache(maxsize=1024)(_parse)


def _unquoted(text: bytes) -> bytes:
    return _ESCAPED.sub(rb"\1", text) if b"\\" in text else text


def _token(text: bytes) -> bytes:
    return (_COMMENT.sub(b"", text) if b"(" in text else text).strip()


def _joined(numbered: dict[int, tuple[bytes, bool]]) -> tuple[bytes, bool]:
    """RFC 2231 section 4.1: pieces in the order of their numbers; only some may be encoded."""
    extended = any(is_extended for _, is_extended in numbered.values())
    out = []
    for _, (text, is_extended) in sorted(numbered.items()):
        out.append(text if is_extended or not extended else text.replace(b"%", b"%25"))
    return b"".join(out), extended


def decoded(parameters: Parameters) -> dict[str, str]:
    """Names and values as text; RFC 2231 values decoded, they win over plain ones."""
    result = {}
    for name, value in parameters:
        if name.endswith(b"*"):
            result[to_text(name[:-1])] = _extended(value)
    for name, value in parameters:
        if not name.endswith(b"*"):
            result.setdefault(to_text(name), decode(value))
    return result


def _extended(value: bytes) -> str:
    """`charset'language'percent-encoded` (RFC 2231 section 4); without quotes just the text."""
    charset, quote, rest = value.partition(b"'")
    _language, second, text = rest.partition(b"'")
    if not (quote and second):
        charset, text = b"", value
    return without_controls(to_text(unquote_to_bytes(text), charset.decode("ascii", "replace")))
