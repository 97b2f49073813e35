"""SMTP's framer and parser under arbitrary octets."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.smtp.wire.commands import parse
from protocols.smtp.wire.content import Content, ContentFault
from protocols.smtp.wire.framer import SmtpFramer
from protocols.smtp.wire.syntax import SmtpSyntaxError
from protocols.wirekit.lines import BadLine, Line

NASTY = st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b".", b"\0", b"a", b"..", b"\xff", b"bdat"]), max_size=40).map(
    b"".join
)
LINES = st.one_of(
    st.binary(max_size=80),
    st.builds(
        lambda verb, rest: verb + rest,
        st.sampled_from([b"MAIL FROM:<", b"RCPT TO:<", b"BDAT ", b"AUTH ", b"EHLO ", b"VRFY ", b"MAIL FROM:<a@b> "]),
        st.one_of(st.binary(max_size=60), st.text(max_size=40).map(str.encode)),
    ),
)


def cut(data: bytes, places: list[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:end] for start, end in pairwise(edges)]


@given(LINES)
@settings(max_examples=600, deadline=None)
def test_the_parser_knows_or_refuses(line):
    try:
        parse(line)
    except SmtpSyntaxError as refusal:
        assert 500 <= refusal.code < 560
        assert refusal.text.isascii()


@given(NASTY, st.lists(st.integers(0, 200), max_size=10))
@settings(max_examples=600, deadline=None)
def test_data_does_not_depend_on_how_the_stream_is_cut(body, places):
    stream = body + b"\r\n.\r\nNOOP\r\n"
    whole, pieces = SmtpFramer(), SmtpFramer()
    for framer, parts in ((whole, [stream]), (pieces, cut(stream, places))):
        framer.expect_data(10_000)
        for part in parts:
            framer.feed(part)
    one, other = whole.next_event(), pieces.next_event()
    assert isinstance(one, Content)
    assert isinstance(other, Content)
    assert (one.fault, one.size) == (other.fault, other.size)
    if one.fault is None:
        assert one.getvalue() == other.getvalue()
    one.close()
    other.close()
    while (event := whole.next_event()) is not None:
        assert event == pieces.next_event()


@given(NASTY)
@settings(max_examples=600, deadline=None)
def test_data_follows_the_standard(body):
    """The oracle is RFC 5321 section 4.5.2, word for word: by lines, on the whole."""
    stream = body + b"\r\n.\r\n"
    end = (b"\r\n" + stream).index(b"\r\n.\r\n")
    text = (b"\r\n" + stream)[2 : end + 2] if end else b""
    framer = SmtpFramer()
    framer.expect_data(10_000)
    framer.feed(stream)
    content = framer.next_event()
    value = content.getvalue() if content.fault is None else b""
    content.close()
    bare = text.replace(b"\r\n", b"")
    if b"\r" in bare or b"\n" in bare:
        assert content.fault is ContentFault.BARE_NEWLINE
        return
    lines = [line[1:] if line.startswith(b".") else line for line in text.split(b"\r\n")]
    assert content.fault is None
    assert value == b"\r\n".join(lines)


@given(st.binary(max_size=300), st.lists(st.integers(0, 300), max_size=10))
@settings(max_examples=300, deadline=None)
def test_lines_do_not_depend_on_how_the_stream_is_cut(data, places):
    whole, pieces = SmtpFramer(), SmtpFramer()
    whole.feed(data)
    expected = []
    while (event := whole.next_event()) is not None:
        assert isinstance(event, Line | BadLine)
        expected.append(event)
    got = []
    for part in cut(data, places):
        pieces.feed(part)
        while (event := pieces.next_event()) is not None:
            got.append(event)
    assert got == expected


@pytest.mark.parametrize("octet", range(256))
def test_each_octet_in_a_command(octet):
    line = b"MAIL FROM:<a" + bytes([octet]) + b"@exemple.org>"
    try:
        assert parse(line)
    except SmtpSyntaxError as refusal:
        assert refusal.code in (500, 501)
