"""Replies: continuation lines, enhanced codes, and nothing that a client could inject."""

from protocols.smtp.wire.replies import reply


def test_one_line_and_several():
    assert reply(250, "2.0.0", "OK") == b"250 2.0.0 OK\r\n"
    assert reply(214, "2.0.0", "a", "b", "c") == b"214-2.0.0 a\r\n214-2.0.0 b\r\n214 2.0.0 c\r\n"
    assert reply(354, "", "go on") == b"354 go on\r\n"


def test_text_cannot_break_out_of_its_line():
    assert reply(550, "5.1.1", "a\r\n250 OK\0é") == b"550 5.1.1 a??250 OK??\r\n"


def test_a_line_has_512_octets_at_most():
    assert len(reply(550, "5.1.1", "x" * 2000)) == 512
