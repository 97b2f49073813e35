"""Parsers and serialisers of the wire package."""

import time
from datetime import UTC, datetime

import pytest

from protocols.imap.wire.append_messages import MAX_PIECES, AppendMessage, Url
from protocols.imap.wire.commands.append import Append
from protocols.imap.wire.commands.list import List
from protocols.imap.wire.commands.login import Login
from protocols.imap.wire.commands.store import Store
from protocols.imap.wire.dates import format_date_time, format_date_times, parse_date, parse_date_time
from protocols.imap.wire.errors import BadMailboxName, BadSyntax, Refusal
from protocols.imap.wire.fetch_items import Section
from protocols.imap.wire.flag_lists import SEEN, FlagList
from protocols.imap.wire.framer import RawCommand
from protocols.imap.wire.parser import parse
from protocols.imap.wire.patterns import Pattern
from protocols.imap.wire.response import astring, mailbox, string
from protocols.imap.wire.search_keys import MAX_DEPTH, MAX_KEYS
from protocols.imap.wire.sequences import STAR, compact, parse_sequence_set
from protocols.wirekit.spool import SPOOL_MEMORY, Spool, Stretch


def command(*parts):
    return parse(RawCommand(parts))


@pytest.mark.parametrize(
    ("text", "ranges"),
    [(b"1", ((1, 1),)), (b"4294967295:*", ((4294967295, STAR),)), (b"5:3,*", ((5, 3), (STAR, STAR)))],
)
def test_sequence_sets(text, ranges):
    assert parse_sequence_set(text).ranges == ranges


@pytest.mark.parametrize("text", [b"0", b"4294967296", b"", b",", b"1,", b"1:", b":1", b"1:2:3", b"**", b"1;2"])
def test_bad_sequence_sets(text):
    with pytest.raises(BadSyntax):
        parse_sequence_set(text)


def test_a_range_over_all_numbers_costs_one_pair():
    assert parse_sequence_set(b"1:4294967295").resolve(5) == [(1, 4294967295)]


def test_resolve_sorts_and_merges():
    assert parse_sequence_set(b"7:5,1,2,6:9,*").resolve(20) == [(1, 2), (5, 9), (20, 20)]
    assert parse_sequence_set(b"*:5").resolve(3) == [(3, 5)]
    assert parse_sequence_set(b"1,*").resolve(0) == [(1, 1)]


def test_compact():
    assert compact([1, 2, 3, 5, 9, 10]) == b"1:3,5,9:10"
    assert compact([]) == b""


def test_login_hides_the_password():
    login = command(b'a LOGIN alice@mondomaine.fr "user\\"1"')
    assert login == Login(b"a", "alice@mondomaine.fr", 'user"1')
    assert "user" not in repr(login).replace("user='alice", "")


def test_raw_utf8_in_a_quoted_string():
    assert command('a LOGIN "réné" "mot de passé"'.encode()) == Login(b"a", "réné", "mot de passé")


def test_append_in_all_its_forms():
    assert command(b'a append INBOX () " 7-Feb-1994 21:52:25 -0800" ', b"x", b"") == Append(
        b"a", "INBOX", (AppendMessage(FlagList(0, frozenset()), 760_686_745, (b"x",)),)
    )
    first, second = command(b"a APPEND INBOX (\\Seen Mot) ", b"x", b" ~", b"y\0", b" ").messages
    assert first.flags == FlagList(SEEN, frozenset({"Mot"}))
    assert (second.pieces, second.binary) == ((b"y\0",), True)
    catenated = command(b'a APPEND INBOX catenate (url "/INBOX/;UID=1" TEXT ', b"x", b")").messages
    assert catenated[0].pieces == (Url(b"/INBOX/;UID=1"), b"x")


@pytest.mark.parametrize("name", [b"&", b"&AOk", b"&AOk=-", b"&AGE-", b'"R\xc3\xa9seaux"', b"&2AA-"])
def test_broken_utf7(name):
    with pytest.raises(BadMailboxName) as refusal:
        command(b"a SELECT " + name)
    assert (refusal.value.tag, refusal.value.status, refusal.value.code) == (b"a", "NO", "CANNOT")


def test_store_forms():
    assert command(b"a uid store 1:* +flags.silent \\Seen $x") == Store(
        b"a", parse_sequence_set(b"1:*"), "add", FlagList(SEEN, frozenset({"$x"})), True, None, True
    )
    assert command(b"a STORE 1 (UNCHANGEDSINCE 7) FLAGS ()").unchanged_since == 7


def test_list_options():
    assert command(b'a list (subscribed) "" "*" return (special-use status (messages))') == List(
        b"a", b"", (b"*",), frozenset({"SUBSCRIBED"}), frozenset({"SPECIAL-USE"}), ("MESSAGES",), (), True
    )
    assert command(b'a LIST "" *').patterns == (b"*",)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (b"BODY.PEEK[]<0.10>", b"BODY[]<0>"),
        (b"body[header]", b"BODY[HEADER]"),
        (b"BODY.PEEK[2.1.mime]", b"BODY[2.1.MIME]"),
        (b'BODY[1.HEADER.FIELDS.NOT ("From" x)]', b"BODY[1.HEADER.FIELDS.NOT (From x)]"),
        (b'BODY[HEADER.FIELDS ("a b")]', b'BODY[HEADER.FIELDS ("a b")]'),
    ],
)
def test_section_names(text, name):
    (section,) = command(b"a FETCH 1 " + text).items
    assert isinstance(section, Section)
    assert section.name == name


def test_search_is_bounded():
    for text in (b"(" * (MAX_DEPTH + 2) + b"ALL" + b")" * (MAX_DEPTH + 2), b"NOT " * 100_000 + b"ALL",
                 b" ".join([b"ALL"] * (MAX_KEYS + 1))):  # fmt: skip
        with pytest.raises(Refusal) as refusal:
            command(b"a SEARCH " + text)
        assert refusal.value.code == "LIMIT"


@pytest.mark.parametrize("behind", [b"", b") CATENATE (URL x"], ids=["of one message", "of several"])
def test_pieces_are_bounded(behind):
    most = b"a APPEND INBOX CATENATE (URL x%b" % behind + b" URL x" * (MAX_PIECES - 1 - behind.count(b"URL"))
    assert sum(len(each.pieces) for each in command(most + b")").messages) == MAX_PIECES
    with pytest.raises(Refusal) as refusal:
        command(most + b" TEXT ", b"y", b")")
    assert (refusal.value.status, refusal.value.code) == ("NO", "LIMIT")


def test_a_short_literal_may_be_spooled():
    """Behind large messages of the same command."""
    spool = Spool()
    spool.write(b"/INBOX/;UID=1" + b"a\0b" + b"x" * SPOOL_MEMORY)
    url, value, long = Stretch(spool, 0, 13), Stretch(spool, 13, 3), Stretch(spool, 0, SPOOL_MEMORY + 1)
    (message,) = command(b"a APPEND INBOX CATENATE (URL ", url, b")").messages
    assert message.pieces == (Url(b"/INBOX/;UID=1"),)
    (message,) = command(b"a APPEND INBOX ANNOTATION (/comment (value.priv ~", value, b")) ", b"x", b"").messages
    assert message.annotations == (("/comment", (("value.priv", b"a\0b"),)),)
    with pytest.raises(BadSyntax, match="too long"):
        command(b"a APPEND INBOX CATENATE (URL ", long, b")")
    spool.close()


def test_dates():
    assert str(parse_date(b"1-feb-1994")) == "1994-02-01"
    for bad in (b"31-Feb-1994", b"1-Foo-1994", b"1994-02-01", b"0-Jan-2000"):
        with pytest.raises(BadSyntax):
            parse_date(bad)
    for bad in (b"1-Feb-1994 25:00:00 +0000", b"01-Feb-0000 10:00:00 +0000", b"01-Feb-1994 10:00:00 +9999"):
        with pytest.raises(BadSyntax):
            parse_date_time(bad)


@pytest.mark.parametrize("unix", [0, 1, 951_782_399, 1_700_000_000, -1, 253_402_214_400])
def test_internal_date_round_trip(unix):
    text = format_date_time(unix)
    assert parse_date_time(text[1:-1]) == unix
    assert text == datetime.fromtimestamp(unix, UTC).strftime('"%d-%b-%Y %H:%M:%S +0000"').encode()


def test_absurd_dates_are_bounded():
    assert format_date_time(1 << 60).endswith(b'-9999 23:59:59 +0000"')
    for column in ([0, 1_700_000_000, -1], [86_399, 1 << 60], []):
        assert format_date_times(column) == [format_date_time(each) for each in column]
    assert format_date_time(-(1 << 60)).startswith(b'"01-Jan-0001')


def test_strings():
    assert astring(b"abc") == b"abc"
    assert astring(b"NIL") == b'"NIL"'
    assert string(b'a"\\') == b'"a\\"\\\\"'
    assert string("é".encode()) == b"{2}\r\n\xc3\xa9"
    assert string(b"a\r\nb") == b"{4}\r\na\r\nb"
    assert mailbox("Projet Réseaux", utf8=False) == b'"Projet R&AOk-seaux"'
    assert mailbox("Projet & Réseaux", utf8=True) == '"Projet & Réseaux"'.encode()
    assert mailbox('"é\\', utf8=True) == '"\\"é\\\\"'.encode()


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("*", "a/b", True), ("%", "a/b", False), ("%", "a", True), ("a*c", "a/b/c", True), ("a%c", "a/c", False),
        ("%/%", "a/b", True), ("*b*d*f*", "abcdefg", True), ("*b%d*f*h", "abcdefgh", True), ("%a%b%c%", "a/b/c", False),
        ("a.c", "abc", False), ("", "", True), ("a**%%b", "a/x/b", True), ("*%", "a/b", True), ("a%%%b", "a/b", False),
    ],
)  # fmt: skip
def test_patterns(pattern, name, fits):
    assert Pattern(pattern).matches(name) is fits


def test_a_hostile_pattern_takes_no_time():
    started = time.process_time()
    pattern = Pattern("*a" * 120 + "b")
    for _ in range(2000):  # as many names as an account may have
        assert not pattern.matches("a" * 255)
    assert time.process_time() - started < 5
