"""Dot stuffing and TOP, against their plain definitions."""

import pytest

from protocols.pop3.wire import replies
from protocols.pop3.wire.replies import stuffed, top


def by_lines(message: bytes) -> bytes:
    lines = message.split(b"\r\n")
    if lines[-1] == b"":
        lines.pop()
    return b"".join((b"." + line if line.startswith(b".") else line) + b"\r\n" for line in lines) + b".\r\n"


@pytest.mark.parametrize("piece", [1, 2, 3, 5, 10_000])
@pytest.mark.parametrize(
    "message",
    [b"", b".", b"a", b"a\r\n", b".\r\n", b"..\r\n.a\r\n", b"a\r\n.\r\nb", b"\r\n.\r\n\r\n.x\r\n", b"a\r\n\r\n"],
)
def test_stuffing_does_not_depend_on_the_pieces(message, piece, monkeypatch):
    monkeypatch.setattr(replies, "PIECE", piece)
    assert b"".join(stuffed(message)) == by_lines(message)


def test_a_lone_newline_begins_no_line():
    assert b"".join(stuffed(b"a\n.b\r\n")) == b"a\n.b\r\n.\r\n"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (0, b"A: b\r\n\r\n"),
        (1, b"A: b\r\n\r\none\r\n"),
        (2, b"A: b\r\n\r\none\r\ntwo"),
        (9**9, b"A: b\r\n\r\none\r\ntwo"),
    ],
)
def test_top(lines, expected):
    assert top(b"A: b\r\n\r\none\r\ntwo", lines) == expected


@pytest.mark.parametrize("message", [b"", b"A: b", b"A: b\r\n", b"A: b\r\n\r\n"])
def test_top_without_a_body(message):
    assert top(message, 0) == message
    assert top(message, 3) == message


def test_top_without_a_header():
    assert top(b"\r\none\r\ntwo\r\n", 1) == b"\r\none\r\n"
