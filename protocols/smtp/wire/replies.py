"""Replies as they go out (RFC 5321 section 4.2.1, with the enhanced codes of RFC 2034)."""

from __future__ import annotations

# RFC 5321 section 4.5.3.1.5: a reply line with code and CRLF.
REPLY_LINE = 512


def reply(code: int, enhanced: str, *lines: str) -> bytes:
    """`250 2.1.0 text`, several lines as `250-`.

    enhanced "" leaves it out: greeting, EHLO, 3xx (RFC 2034 section 4).
    """
    prefix = f"{enhanced} " if enhanced else ""
    last = len(lines) - 1
    return b"".join(_line(f"{code}{' ' if number == last else '-'}{prefix}{text}") for number, text in enumerate(lines))


def _line(text: str) -> bytes:
    """ASCII, no line break whatever came in, at most 512 octets."""
    if not (text.isascii() and text.isprintable()):
        text = "".join(character if " " <= character <= "~" else "?" for character in text)
    return text[: REPLY_LINE - 2].encode("ascii") + b"\r\n"
