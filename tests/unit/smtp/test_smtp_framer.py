"""The framer: lines, messages and chunks, however the stream is cut."""

import pytest

from protocols.smtp.wire import content as content_module
from protocols.smtp.wire import limits
from protocols.smtp.wire.content import Content, ContentFault
from protocols.smtp.wire.framer import SmtpFramer
from protocols.wirekit.lines import BadLine, Fault, Line


def feed(framer: SmtpFramer, data: bytes, size: int) -> list:
    events = []
    for start in range(0, len(data), size):
        framer.feed(data[start : start + size])
        while (event := framer.next_event()) is not None:
            events.append(event)
            if isinstance(event, Content) and event.fault is not None:
                event.close()
    return events


@pytest.mark.parametrize("size", [1, 2, 5, 1000])
def test_lines_end_with_crlf_only(size):
    events = feed(SmtpFramer(), b"NOOP\r\nRSET\nQUIT\r\n\r\nA\rB\r\n", size)
    assert events == [Line(b"NOOP"), BadLine(Fault.BARE_LF), Line(b"QUIT"), Line(b""), Line(b"A\rB")]


@pytest.mark.parametrize("size", [1, 4096, 10**6])
def test_a_line_without_end_costs_no_memory(size):
    framer = SmtpFramer()
    assert feed(framer, b"A" * 200_000, size) == []
    assert len(framer._buffer) <= limits.AUTH_LINE + size
    assert feed(framer, b"\r\nNOOP\r\n", size) == [BadLine(Fault.TOO_LONG), Line(b"NOOP")]


def test_the_longest_line_is_taken():
    framer = SmtpFramer()
    longest = b"A" * limits.AUTH_LINE
    assert feed(framer, longest + b"\r\n" + longest + b"A\r\n", 1000) == [Line(longest), BadLine(Fault.TOO_LONG)]


def test_an_incomplete_line_is_not_executed_at_the_end_of_input():
    framer = SmtpFramer()
    framer.feed(b"QUIT")
    framer.feed_eof()
    assert framer.next_event() is None


@pytest.mark.parametrize("size", [1, 64, 10**6])
def test_a_message_beyond_the_limit_is_read_to_its_end(size):
    framer = SmtpFramer()
    framer.expect_data(100)
    events = feed(framer, b"x" * 98 + b"\r\n.\r\n", size)
    assert [event.fault for event in events] == [None]
    events[0].close()
    framer.expect_data(100)
    events = feed(framer, b"x" * 99 + b"\r\n.\r\nNOOP\r\n", size)
    assert events[0].fault is ContentFault.TOO_BIG
    assert not events[0].overrun
    assert events[1] == Line(b"NOOP")


def test_a_message_without_end_is_cut_off():
    framer = SmtpFramer()
    framer.expect_data(1000)
    events = feed(framer, b"x" * 3000, 100)
    assert events[0].overrun
    assert events[0].fault is ContentFault.TOO_BIG


def test_chunks_are_counted_not_searched():
    framer = SmtpFramer()
    content = Content()
    framer.expect_chunk(7, 1000, content)
    assert feed(framer, b"\r\n.\r\nA\rNOOP\r\n", 1) == [content, Line(b"NOOP")]
    framer.expect_chunk(1, 1000, content)
    assert feed(framer, b"\n", 1) == [content]
    content.finish()
    assert content.fault is None
    assert content.getvalue() == b"\r\n.\r\nA\r\n"
    content.close()


def test_a_chunk_of_nothing_is_there_at_once():
    framer = SmtpFramer()
    content = Content()
    framer.feed(b"NOOP\r\n")
    framer.expect_chunk(0, 1000, content)
    assert framer.next_event() is content
    assert framer.next_event() == Line(b"NOOP")
    content.close()


def test_a_message_that_was_cut_off_is_thrown_away():
    framer = SmtpFramer()
    framer.expect_data(1000)
    framer.feed(b"half a mess")
    spool = framer._reader.content.spool
    framer.close()
    with pytest.raises(ValueError, match="closed"):
        spool.write(b"x")


def test_a_full_disk_refuses_the_message_and_keeps_the_dialogue(monkeypatch):
    def full(self, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(content_module.Spool, "write", full)
    framer = SmtpFramer()
    framer.expect_data(10**6)
    events = feed(framer, b"Subject: x\r\n\r\nx\r\n.\r\nNOOP\r\n", 8)
    assert events[0].fault is ContentFault.NO_SPACE
    assert events[1] == Line(b"NOOP")
