"""Lexical tokens of structured header fields (RFC 5322 section 3.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

# Possessive, so that junk is never looked at twice. An encoded word is one token even where it
# holds a raw comma: forbidden in phrases (RFC 2047 section 5), and common.
_TOKEN = re.compile(
    rb"""(?P<space>[ \t\r\n]++)
    |(?P<word>=\?[^?\s]{1,40}\?[bBqQ]\?[^?\s]{0,998}\?=)
    |"(?P<quoted>(?:[^"\\]|\\.)*+)"?+
    |(?P<literal>\[[^\[\]\\]*+\]?+)
    |(?P<open>\()
    |(?P<special>[<>@,;:])
    |(?P<atom>[^\s"()<>@,;:\[\]]++|[\])])""",
    re.VERBOSE | re.DOTALL,
)
_COMMENT_EDGE = re.compile(rb"\\.|[()]", re.DOTALL)
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)


class Token(NamedTuple):
    """`kind` is "word", "comment" or the special character itself; `spaced`: white space or a
    comment stood before it."""

    kind: str
    text: bytes
    spaced: bool


def tokens(value: bytes) -> Iterator[Token]:
    """The tokens of `value`, quoting and escapes removed. Every octet belongs to some token."""
    position, spaced = 0, False
    while position < len(value):
        match = _TOKEN.match(value, position)
        if match is None:  # the pattern covers every octet but NUL-like oddities of \s
            position += 1
            continue
        position = match.end()
        kind = match.lastgroup
        if kind == "space":
            spaced = True
            continue
        if kind == "open":
            text, position = _comment(value, position)
            yield Token("comment", text, spaced)
            spaced = True
            continue
        yield Token(*_named(kind, match), spaced)
        spaced = False


def _named(kind: str | None, match: re.Match[bytes]) -> tuple[str, bytes]:
    if kind == "special":
        return match.group().decode("ascii"), match.group()
    if kind == "quoted":
        return "word", _ESCAPED.sub(rb"\1", match["quoted"])
    return "word", match.group()


def _comment(value: bytes, position: int) -> tuple[bytes, int]:
    """The text of a comment that opened before `position`, and where it ends; comments nest."""
    depth = 1
    for edge in _COMMENT_EDGE.finditer(value, position):
        mark = edge.group()
        if mark == b"(":
            depth += 1
        elif mark == b")":
            depth -= 1
            if not depth:
                return _ESCAPED.sub(rb"\1", value[position : edge.start()]).strip(), edge.end()
    return _ESCAPED.sub(rb"\1", value[position:]).strip(), len(value)
