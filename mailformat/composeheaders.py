"""Header fields for messages written here: folded, encoded, safe from injected lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote

from mailformat.addresses import Mailbox
from mailformat.encodedwords import encode_words
from mailformat.headers import without_controls

# RFC 5322 section 2.1.1: lines should have 78 characters, and must not have more than 998.
LINE = 78
MAX_LINE = 998
# Octets of one RFC 2231 piece before percent-encoding: 16 * 3 + ` filename*10*=utf-8''` < 78.
_PIECE = 16
# A longer file name is cut into RFC 2231 pieces even if it is plain ASCII.
_SHORT_NAME = 50

_ATEXT = r"[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]"  # RFC 5322 section 3.2.3
_UTF8_ATEXT = _ATEXT[:-1] + "\u0080-\U0010ffff]"  # RFC 6532 section 3.2
_ATOMS = re.compile(f"{_ATEXT}+(?: {_ATEXT}+)*")
_DOT_ATOM = re.compile(f"{_UTF8_ATEXT}+(?:\\.{_UTF8_ATEXT}+)*")
_NOT_IN_DOMAIN = re.compile(r"[\s<>@,;\"()\\]+")
_NOT_IN_ID = re.compile(r"[^!-;=?-~]+")
_ESCAPE = re.compile(r'(["\\])')


def text_field(name: str, text: str) -> str:
    """An unstructured field: folded at spaces, or as encoded words."""
    text = without_controls(text).strip()
    plain = text.isascii() and "=?" not in text and all(len(word) < LINE - 2 for word in text.split(" "))
    return fold(f"{name}: ", text.split(" ") if plain else encode_words(text), " ")


def address_field(name: str, mailboxes: Sequence[Mailbox]) -> str:
    """An address list, folded between the addresses and inside long names."""
    words: list[str] = []
    for index, mailbox in enumerate(mailboxes):
        written = format_mailbox(mailbox)
        if index < len(mailboxes) - 1:
            written[-1] += ","
        words.extend(written)
    return fold(f"{name}: ", words, " ")


def format_mailbox(mailbox: Mailbox) -> list[str]:
    """`Name <local@domain>` as the words between which a line may be folded."""
    local = without_controls(mailbox.localpart)
    if not _DOT_ATOM.fullmatch(local):
        local = quoted(local)
    domain = _NOT_IN_DOMAIN.sub("", without_controls(mailbox.domain))
    spec = f"{local}@{domain}" if domain else local
    name = without_controls(mailbox.name).strip()
    return [*phrase(name), f"<{spec}>"] if name else [spec]


def ids_field(name: str, ids: Sequence[str]) -> str:
    """Message-IDs in angle brackets, one behind another."""
    return fold(f"{name}: ", [f"<{_NOT_IN_ID.sub('', each)}>" for each in ids], " ")


def parameter(name: str, value: str) -> list[str]:
    """`name="value"`, or its RFC 2231 pieces where the value is long or not ASCII."""
    value = without_controls(value)
    if value.isascii() and len(value) <= _SHORT_NAME:
        return [f"{name}={quoted(value)}"]
    octets = value.encode("utf-8", "replace")
    pieces = [quote(octets[at : at + _PIECE], safe="") for at in range(0, len(octets), _PIECE)]
    if len(pieces) == 1:
        return [f"{name}*=utf-8''{pieces[0]}"]
    pieces[0] = "utf-8''" + pieces[0]
    return [f"{name}*{number}*={piece}" for number, piece in enumerate(pieces)]


def fold(start: str, words: Sequence[str], glue: str) -> str:
    """`start` and the words, a new line wherever the line would get too long."""
    lines = []
    line = start.rstrip()
    for word in words:
        if len(line) + len(glue) + len(word) > LINE and line.strip() and line != start.rstrip():
            lines.append(line)
            line = glue + word
        else:
            line += glue + word
    return "\r\n".join([*lines, line]) + "\r\n"


def phrase(name: str) -> list[str]:
    """A display name as the words between which a line may be folded."""
    if not name.isascii() or "=?" in name:
        return encode_words(name)
    return name.split(" ") if _ATOMS.fullmatch(name) else [quoted(name)]


def quoted(text: str) -> str:
    """A quoted-string (RFC 5322 section 3.2.4)."""
    return '"' + _ESCAPE.sub(r"\\\1", text) + '"'
