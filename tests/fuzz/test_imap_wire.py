"""Framer and parsers against anything: they raise nothing but their own refusals, however the stream is cut."""

from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.errors import Refusal
from protocols.imap.wire.framer import AFTER_LOGIN, BEFORE_LOGIN, ImapFramer, RawCommand, TooLarge
from protocols.imap.wire.parser import PARSERS, UID_PARSERS, parse
from protocols.imap.wire.patterns import Pattern
from protocols.imap.wire.response import string
from protocols.imap.wire.scanner import Scanner
from protocols.imap.wire.sequences import MAX_NUMBER, compact, parse_sequence_set
from protocols.wirekit.events import SendNow
from protocols.wirekit.spool import Stretch

WORDS = [name.encode() for name in PARSERS] + [b"UID " + name.encode() for name in UID_PARSERS]
PIECES = [
    b" ", b"  ", b"(", b")", b"[", b"]", b"<", b">", b'"', b"\\", b"{3+}\r\nabc", b"{0+}\r\n", b"{2}\r\n\x00\xff",
    b"{99999999999999999999}", b"1:*", b"*", b"4294967295", b"4294967296", b"0", b"INBOX", b'"INBOX"', b"FLAGS",
    b"+FLAGS.SILENT", b"\\Seen", b"$x", b"BODY.PEEK[", b"HEADER.FIELDS (", b"1.2.MIME]", b"<0.10>", b"ALL", b"NOT",
    b"OR", b"SUBJECT", b"CHARSET UTF-8", b"BEFORE 1-Feb-1994", b'" 1-Feb-1994 10:00:00 +0100"', b"RETURN (STATUS (",
    b"&AOk-", b"&", b"NIL", b"UNCHANGEDSINCE", b"MODSEQ", b"\xc3\xa9", b"\x00", b"\r", b"+", b"~", b"}",
    b"ANNOTATION (", b"/private/comment", b"/comment (value.priv", b"~{1+}\r\n\x00",
]  # fmt: skip
LINES = st.builds(
    lambda tag, word, pieces: tag + b" " + word + b" " + b"".join(pieces) + b"\r\n",
    st.sampled_from([b"a", b"A1", b"", b"+", b"*"]),
    st.sampled_from(WORDS),
    st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=6)), max_size=12),
)
STREAMS = st.one_of(st.binary(max_size=300), st.lists(LINES, max_size=4).map(b"".join))


def plain(event):
    if isinstance(event, RawCommand):
        return tuple(part.getvalue() if isinstance(part, Stretch) else part for part in event.parts)
    return event


def run(chunks, limits):
    framer = ImapFramer(limits)
    found = []
    for chunk in chunks:
        framer.feed(chunk)
        while (event := framer.next_event()) is not None:
            assert isinstance(event, RawCommand | TooLarge | SendNow)
            found.append(event)
    return found


def understand(event):
    try:
        assert isinstance(parse(event), Command)
    except Refusal as refusal:
        assert refusal.text.isascii()
        assert "\n" not in refusal.text
        assert refusal.status in ("BAD", "NO")


@settings(max_examples=400, deadline=None)
@given(STREAMS, st.sampled_from([BEFORE_LOGIN, AFTER_LOGIN]))
@example(b"a LOGIN {1073741824}\r\nb NOOP\r\n", BEFORE_LOGIN)
def test_anything_is_a_command_or_a_refusal(data, limits):
    for event in run([data], limits):
        if isinstance(event, RawCommand):
            understand(event)


@settings(max_examples=300, deadline=None)
@given(STREAMS, st.data())
def test_however_the_stream_is_cut(data, draw):
    cuts = sorted(draw.draw(st.lists(st.integers(0, len(data)), max_size=8)))
    chunks = [data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True)]
    whole = [plain(event) for event in run([data], AFTER_LOGIN)]
    assert [plain(event) for event in run(chunks, AFTER_LOGIN)] == whole
    assert [plain(event) for event in run([data[i : i + 1] for i in range(len(data))], AFTER_LOGIN)] == whole


NUMBERS = st.one_of(st.integers(1, 60), st.integers(1, MAX_NUMBER), st.just("*"))
RANGES = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=8)


@settings(max_examples=300, deadline=None)
@given(RANGES, st.integers(1, 60))
def test_sequence_sets_are_sets(ranges, last):
    text = ",".join(f"{low}:{high}" for low, high in ranges).encode()
    resolved = parse_sequence_set(text).resolve(last)
    assert all(low <= high for low, high in resolved)
    assert all(before[1] + 1 < after[0] for before, after in pairwise(resolved))
    for number in range(1, 65):
        expected = False
        for pair in ranges:
            low, high = sorted(last if end == "*" else end for end in pair)
            expected = expected or low <= number <= high
        assert any(low <= number <= high for low, high in resolved) is expected


@given(st.sets(st.integers(1, 200)))
def test_compact_sets_read_back(numbers):
    if numbers:
        resolved = parse_sequence_set(compact(sorted(numbers))).resolve(1)
        assert {n for low, high in resolved for n in range(low, high + 1)} == numbers


@given(st.binary(max_size=80))
def test_strings_read_back(value):
    written = string(value)
    if written.startswith(b"{"):
        head, _, octets = written.partition(b"\r\n")
        assert int(head[1:-1]) == len(octets)
        assert octets == value
    else:
        assert Scanner((written,)).string() == value


@settings(max_examples=300, deadline=None)
@given(st.text("ab/*%", max_size=12), st.text("ab/", max_size=12))
def test_patterns_agree_with_trying_everything(pattern, name):
    def fits(p, n):
        if not p:
            return not n
        if p[0] == "*":
            return any(fits(p[1:], n[i:]) for i in range(len(n) + 1))
        if p[0] == "%":
            stop = n.find("/") if "/" in n else len(n)
            return any(fits(p[1:], n[i:]) for i in range(stop + 1))
        return bool(n) and n[0] == p[0] and fits(p[1:], n[1:])

    assert Pattern(pattern).matches(name) is fits(pattern, name)
