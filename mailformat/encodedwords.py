"""Encoded words in headers (RFC 2047), correct and broken ones."""

from __future__ import annotations

import re
from binascii import a2b_qp, b2a_base64
from collections.abc import Iterator

from mailformat.charsets import to_text
from mailformat.transfer import decode_base64

# charset, RFC 2231 section 5's language, encoding. The text goes on to the next "?=".
_START = re.compile(rb"=\?([!-)+->@-~]{1,40})(?:\*[!->@-~]{0,20})?\?([bBqQ])\?")

# RFC 2047 section 2: a line with an encoded word has at most 76 characters; 39 octets are 52 of
# base64, "=?utf-8?b??=" takes 12, and that leaves room for a field name such as "Reply-To: ".
_WORD_OCTETS = 39


def decode_words(value: bytes) -> str:
    """`value` with its encoded words decoded; everything else as raw text.

    White space between two encoded words is dropped (section 6.2). Neighbours of one
    charset are joined before decoding: broken programs split inside a character.
    """
    out: list[str] = []
    pending: list[bytes] = []
    charset = ""
    position = 0
    for start, end, name, octets in _words(value):
        between = value[position:start]
        blank = position > 0 and not between.strip()
        if pending and not (blank and name == charset):
            out.append(to_text(b"".join(pending), charset))
            pending = []
        if not blank:
            out.append(to_text(between))
        pending.append(octets)
        charset, position = name, end
    if pending:
        out.append(to_text(b"".join(pending), charset))
    out.append(to_text(value[position:]))
    return "".join(out)


def _words(value: bytes) -> Iterator[tuple[int, int, str, bytes]]:
    """(start, end, charset, octets) of each encoded word. Looks at no octet twice."""
    end = 0
    start = _START.search(value)
    while start is not None:
        if end < start.end() + 2:
            end = value.find(b"?=", start.end()) + 2
            if end < 2:
                return
        again = _START.search(value, start.end(), end)
        if again is None:  # otherwise this one is never closed, and the next one is the word
            text = value[start.end() : end - 2]
            yield start.start(), end, start[1].decode("ascii").lower(), _word_octets(start[2], text)
            again = _START.search(value, end)
        start = again


def _word_octets(encoding: bytes, text: bytes) -> bytes:
    return decode_base64(text) if encoding in b"bB" else a2b_qp(text, header=True)


def encode_words(text: str) -> list[str]:
    """`text` as encoded words of at most 75 characters, no character split (RFC 2047 section 5)."""
    words = []
    chunk = b""
    for character in text:
        octets = character.encode("utf-8", "replace")
        if chunk and len(chunk) + len(octets) > _WORD_OCTETS:
            words.append(chunk)
            chunk = b""
        chunk += octets
    words.append(chunk)
    return ["=?utf-8?b?" + b2a_base64(word, newline=False).decode("ascii") + "?=" for word in words]
