"""POP3's parser under arbitrary octets, and dot stuffing undone."""

from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.pop3.wire.commands import Pop3SyntaxError, parse
from protocols.pop3.wire.replies import stuffed

LINES = st.one_of(
    st.binary(max_size=60),
    st.builds(
        lambda verb, rest: verb + rest,
        st.sampled_from([b"USER ", b"PASS ", b"AUTH ", b"RETR ", b"TOP ", b"LIST ", b"UIDL ", b"DELE ", b"QUIT "]),
        st.one_of(st.binary(max_size=40), st.text(max_size=30).map(str.encode)),
    ),
)
TEXT = st.lists(st.sampled_from([b"\r\n", b".", b"a", b"..", b"\n", b"\r"]), max_size=40).map(b"".join)


@given(LINES)
@settings(max_examples=600, deadline=None)
def test_the_parser_knows_or_refuses(line):
    try:
        parse(line)
    except Pop3SyntaxError as refusal:
        assert str(refusal).isascii()


@given(TEXT)
@settings(max_examples=600, deadline=None)
def test_a_client_gets_back_what_was_stuffed(message):
    wire = b"".join(stuffed(message))
    assert wire.endswith(b"\r\n.\r\n") or wire == b".\r\n"
    lines = (b"\r\n" + wire[:-3]).split(b"\r\n.")
    plain = b"\r\n".join(lines)[2:]
    assert plain in (message, message + b"\r\n")
    # Only the last line is a single dot.
    assert (b"\r\n" + wire).index(b"\r\n.\r\n") == len(wire) - 3
