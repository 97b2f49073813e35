"""The framer: lines, literals, limits."""

import os

import pytest

from protocols.imap.wire.framer import (
    AFTER_LOGIN,
    ASK_FROM,
    BEFORE_LOGIN,
    MAX_APPEND_COUNT,
    MAX_HELD,
    MAX_LINES,
    MAX_LITERAL_COUNT,
    ImapFramer,
    LiteralAsked,
    RawCommand,
    TooLarge,
)
from protocols.wirekit.events import SendNow
from protocols.wirekit.spool import SPOOL_MEMORY, Stretch


def events(data, limits=AFTER_LOGIN):
    framer = ImapFramer(limits)
    framer.feed(data)
    return drain(framer)


def drain(framer):
    found = []
    while (event := framer.next_event()) is not None:
        found.append(event)
    return found


def test_lines_with_crlf_and_bare_lf():
    assert events(b"a NOOP\r\nb NOOP\nc") == [RawCommand((b"a NOOP",)), RawCommand((b"b NOOP",))]


def test_a_synchronising_literal_asks_for_its_octets():
    ask, command = events(b"a LOGIN {3}\r\nbob {2+}\r\nab\r\n")
    assert isinstance(ask, SendNow)
    assert ask.data.startswith(b"+ ")
    assert command == RawCommand((b"a LOGIN ", b"bob", b" ", b"ab", b""))


def test_a_literal_may_hold_what_looks_like_another():
    assert events(b"a X {7+}\r\n{3+}\r\n!\r\n") == [RawCommand((b"a X ", b"{3+}\r\n!", b""))]


def test_an_empty_literal():
    assert events(b"a X {0+}\r\n y\r\n") == [RawCommand((b"a X ", b"", b" y"))]


def test_a_literal_of_1_gib_before_login_is_refused_and_takes_no_memory():
    framer = ImapFramer(BEFORE_LOGIN)
    framer.feed(b"a1 LOGIN {1073741824}\r\n")
    assert drain(framer) == [TooLarge(b"a1", "literal", hang_up=False)]
    framer.feed(b"a2 NOOP\r\n")
    assert drain(framer) == [RawCommand((b"a2 NOOP",))]
    framer.feed(b"a3 LOGIN {1073741824+}\r\n")
    assert drain(framer) == [TooLarge(b"a3", "literal", hang_up=True)]
    framer.feed(b"x" * 1_000_000)
    assert not framer._buffer


def test_append_is_nothing_special_before_login():
    assert events(b"a APPEND INBOX {5000}\r\n", BEFORE_LOGIN) == [TooLarge(b"a", "literal", hang_up=False)]


def test_a_large_message_is_spooled():
    size = 1_000_000
    framer = ImapFramer(AFTER_LOGIN)
    framer.feed(b"a APPEND {5+}\r\nINBOX (\\Seen) {%d+}\r\n" % size)
    for _ in range(size // 10_000):
        framer.feed(b"0123456789" * 1000)
        assert framer.next_event() is None
        assert len(framer._buffer) == 0
    framer.feed(b"\r\n")
    (command,) = drain(framer)
    assert isinstance(command.parts[3], Stretch)
    assert command.parts[3].size == size
    command.parts[3].close()


def test_before_a_large_literal_the_session_is_asked():
    framer = ImapFramer(AFTER_LOGIN)
    framer.feed(b"a APPEND INBOX {3+}\r\nabc {%d}\r\n" % ASK_FROM)
    parts = (b"a APPEND INBOX ", b"abc", b" ")
    assert drain(framer) == [LiteralAsked(parts, b"a", len(b"a APPEND INBOX ") + 3 + 1 + ASK_FROM)]
    framer.drop_literal()
    framer.feed(b"b NOOP\r\n")
    assert drain(framer) == [RawCommand((b"b NOOP",))]
    framer.feed(b"c UID REPLACE 1 INBOX ~{%d}\r\n" % ASK_FROM)
    assert [type(event) for event in drain(framer)] == [LiteralAsked]
    framer.feed(b"x" * ASK_FROM + b"\r\n")
    assert drain(framer) == [RawCommand((b"c UID REPLACE 1 INBOX ~", b"x" * ASK_FROM, b""))]


def test_the_messages_of_one_append_are_bounded_together(monkeypatch):
    monkeypatch.setattr("protocols.imap.wire.framer.MAX_APPEND_TOTAL", 100_000)
    message = b" {40000+}\r\n" + b"x" * 40_000
    found = events(b"a APPEND INBOX" + 2 * message + b" {40000}\r\nb NOOP\r\n")
    assert found == [TooLarge(b"a", "command", hang_up=False), RawCommand((b"b NOOP",))]
    found = events(b"a APPEND INBOX" + b" {1+}\r\nx" * (2 * MAX_APPEND_COUNT) + b"\r\n")
    assert found == [TooLarge(b"a", "command", hang_up=True)]
    two = events(2 * (b"a APPEND INBOX" + 2 * message + b"\r\n"))
    assert [type(event) for event in two] == [RawCommand, RawCommand]


@pytest.mark.parametrize("size", [SPOOL_MEMORY // 8, SPOOL_MEMORY + 1])
def test_a_large_batch_is_held_in_one_file(size):
    framer = ImapFramer(AFTER_LOGIN)
    messages = [b"%d" % number + b"x" * (size - len(str(number))) for number in range(MAX_HELD // size + 5)]
    before = len(os.listdir("/proc/self/fd"))
    framer.feed(b"a APPEND INBOX")
    for message in messages:
        framer.feed(b" {%d+}\r\n" % size + message)
        assert framer.next_event() is None
    assert len(os.listdir("/proc/self/fd")) <= before + 1
    framer.feed(b"\r\nb NOOP\r\n")
    command, following = drain(framer)
    literals = command.parts[1::2]
    assert sum(len(literal) for literal in literals if isinstance(literal, bytes)) <= MAX_HELD
    assert [literal if isinstance(literal, bytes) else literal.getvalue() for literal in literals] == messages
    assert following == RawCommand((b"b NOOP",))
    literals[-1].close()


def test_only_append_may_be_large():
    assert events(b"a SEARCH SUBJECT {100000}\r\n") == [TooLarge(b"a", "literal", hang_up=False)]


def test_many_small_literals_are_bounded():
    found = events(b"a X " + b"{1+}\r\nx" * (MAX_LITERAL_COUNT + 5) + b"\r\n")
    assert found == [TooLarge(b"a", "literal", hang_up=True)]


@pytest.mark.parametrize("name", [b"APPEND", b"SEARCH"])
def test_the_text_around_the_literals_is_bounded(name):
    line = b"x" * (AFTER_LOGIN.line - 100)
    full = b"a " + name + b" " + line + b"{1+}\r\n" + (MAX_LINES - 1) * (b"y" + line + b"{1+}\r\n")
    assert [type(event) for event in events(full + b"y\r\n")] == [RawCommand]
    refused = TooLarge(b"a", "command", hang_up=False)
    assert events(full + b"y" + line + b"\r\nb NOOP\r\n") == [refused, RawCommand((b"b NOOP",))]
    assert events(full + b"y" + line + b"{1}\r\nb NOOP\r\n") == [refused, RawCommand((b"b NOOP",))]
    assert events(full + b"y" + line + b"{1+}\r\n") == [TooLarge(b"a", "command", hang_up=True)]


@pytest.mark.parametrize("cut", [1, 1000, 1 << 20])
def test_a_line_that_is_too_long_is_skipped(cut):
    framer = ImapFramer(BEFORE_LOGIN)
    data = b"a1 " + b"x" * 300_000 + b"\r\na2 NOOP\r\n"
    if cut == 1:
        data = b"a1 " + b"x" * 20_000 + b"\r\na2 NOOP\r\n"
    found = []
    for start in range(0, len(data), cut):
        framer.feed(data[start : start + cut])
        found += drain(framer)
        assert len(framer._buffer) <= BEFORE_LOGIN.line + cut + 2
    assert found == [TooLarge(b"a1", "line", hang_up=False), RawCommand((b"a2 NOOP",))]


def test_no_tag_is_a_star():
    assert events(b"{99999999}\r\n") == [TooLarge(b"*", "literal", hang_up=False)]


def test_nothing_comes_after_the_end():
    framer = ImapFramer()
    framer.feed(b"a NOOP")
    framer.feed_eof()
    framer.feed(b"\r\n")
    assert framer.next_event() is None


@pytest.mark.parametrize("cut", [1, 1000, 1 << 20])
@pytest.mark.parametrize("size", [20_000, 16 * 1024])
def test_the_literal_behind_a_line_that_is_too_long_is_no_command(cut, size):
    framer = ImapFramer(BEFORE_LOGIN)
    data = b"a1 LOGIN " + b"x" * size + b" {9+}\r\na2 NOOP\r\n\r\na3 NOOP\r\n"
    found = []
    for start in range(0, len(data), cut):
        framer.feed(data[start : start + cut])
        found += drain(framer)
    assert found == [TooLarge(b"a1", "line", hang_up=True)]
