"""Replies as they go out (RFC 1939 section 3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

END = b".\r\n"
# Octets of a message stuffed and written in one turn.
PIECE = 256 * 1024


def ok(text: str = "") -> bytes:
    return f"+OK {text}".rstrip().encode("utf-8") + b"\r\n"


def error(text: str, code: str = "") -> bytes:
    """-ERR, with a response code of RFC 2449 section 8 ("IN-USE", "AUTH", "SYS/TEMP") where there is one."""
    return (f"-ERR [{code}] {text}" if code else f"-ERR {text}").encode("utf-8") + b"\r\n"


def listing(first: str, lines: Iterable[str]) -> bytes:
    """A multi-line answer of short lines that never begin with a dot."""
    return ok(first) + "".join(f"{line}\r\n" for line in lines).encode("utf-8") + END


def stuffed(message: bytes) -> Iterator[bytes]:
    """The message with its dots doubled, a final CRLF where it lacks one, and the end, in pieces."""
    start, size = 0, len(message)
    at_line_start = True
    while start < size:
        end = min(start + PIECE, size)
        # A piece never ends inside CRLF: whether the next begins a line is then plain.
        if end < size and message[end - 1 : end] == b"\r":
            end += 1
        piece = message[start:end]
        text = piece.replace(b"\r\n.", b"\r\n..")
        yield b"." + text if at_line_start and piece.startswith(b".") else text
        at_line_start = piece.endswith(b"\r\n")
        start = end
    yield END if at_line_start else b"\r\n" + END


def top(message: bytes, lines: int) -> bytes:
    """The header, the blank line and so many lines of the body (RFC 1939 section 7, TOP)."""
    end = 0 if message.startswith(b"\r\n") else message.find(b"\r\n\r\n") + 2
    if end == 1:  # no body at all
        return message
    end += 2
    for _ in range(lines):
        following = message.find(b"\n", end)
        if following < 0:
            return message
        end = following + 1
    return message[:end]
