"""Commands of real clients, bent at random, against a whole session: each is answered, none is our own failure.

tests/fuzz/test_imap_wire.py does the same for the parser alone; here what still parses is carried out on a store.
"""

import random

import pytest

from tests.conformance.actions import make_cast
from tests.conformance.conversation import Conversation

ROUNDS = 1500  # of each seed, in about two seconds; every fourth or so still parses
COMMANDS = [
    b'ID ("name" "imapflow" "version" "2.10.2")', b"NAMESPACE", b"ENABLE CONDSTORE", b"CAPABILITY", b"NOOP", b"CHECK",
    b'LIST "" "*" RETURN (SPECIAL-USE CHILDREN SUBSCRIBED)', b'list (subscribed) "" "*" return (special-use)',
    b'LIST (SUBSCRIBED RECURSIVEMATCH) "" (INBOX "R%" "*/2026") RETURN (STATUS (MESSAGES HIGHESTMODSEQ))',
    b"CREATE R&AOk-seaux/2026", b'RENAME "R&AOk-seaux/2026" "R&AOk-seaux/2027"', b"DELETE R&AOk-seaux/2027",
    b"STATUS INBOX (MESSAGES UNSEEN UIDNEXT HIGHESTMODSEQ RECENT)", b"SELECT INBOX (CONDSTORE)", b'EXAMINE "INBOX"',
    b'APPEND INBOX (\\Seen Mot) "23-Nov-2026 09:30:32 +0000" {40+}\r\nSubject: =?utf-8?q?R=C3=A9seaux?=\r\n\r\nSa\n',
    b"FETCH 1:* (UID FLAGS BODYSTRUCTURE ENVELOPE INTERNALDATE RFC822.SIZE BODY.PEEK[] MODSEQ)",
    b"FETCH 1 (UID RFC822.SIZE BODY.PEEK[]<0.65536> BODY[1.MIME] BODY.PEEK[HEADER.FIELDS (DATE FROM)])",
    b"UID FETCH 1:* FULL (CHANGEDSINCE 2)", b"UID SEARCH CHARSET UTF-8 UNDELETED SUBJECT {8+}\r\nr\xc3\xa9seaux",
    b'SEARCH OR SEEN FLAGGED SINCE 01-Jan-2020 HEADER SUBJECT "" NOT (LARGER 10 KEYWORD Mot)',
    b'UID SEARCH MODSEQ "/flags/\\\\draft" all 2 SENTBEFORE 1-Feb-2030 BODY "x" TEXT y 1:* UID 1,3:5',
    b"STORE 1:* (UNCHANGEDSINCE 12) +FLAGS.SILENT (\\Flagged $Foo)", b"UID STORE 1:* -FLAGS ($Foo \\Deleted)",
    b"COPY 1:2 Sent", b"UID MOVE 1 Trash", b"UID EXPUNGE 1:*", b"EXPUNGE", b"SUBSCRIBE Sent", b'LSUB "" "%"',
]  # fmt: skip
PIECES = [
    b"", b" ", b"(", b")", b'"', b"\\", b"*", b"%", b"0", b"1", b"9", b"4294967295", b"99999999999999999999", b":",
    b",", b"{", b"}", b"{1+}\r\n\xff", b"{0+}\r\n", b"\xc3\xa9", b"\xff", b"\0", b"&", b"/", b"[", b"]", b"<", b">",
    b"NOT ", b"OR ", b"INBOX", b"ALL", b"\\Recent",
]  # fmt: skip


def bend(command: bytes, chance: random.Random) -> bytes:
    """Once or twice, some octets of it are put in, taken out, replaced or doubled."""
    for _ in range(chance.choice((1, 1, 2))):
        start = chance.randint(0, len(command))
        end = min(len(command), start + chance.choice((0, 0, 1, 1, 4, 12)))
        middle = chance.choice((chance.choice(PIECES), command[start:end] * 2))
        command = command[:start] + middle + command[end:]
    return command


def ask(talk: Conversation, tag: bytes, command: bytes) -> bytes:
    """What is answered; literals that the command leaves open are filled."""
    talk.send(tag + b" " + command + b"\r\n")
    for _ in range(4):
        if talk.closed or tag + b" " in talk.output or b"* BAD" in talk.output:
            break
        talk.send(b"x" * 300 + b"\r\n")
    said = bytes(talk.output)
    talk.output.clear()
    return said


def connected() -> Conversation:
    talk = Conversation("imap")
    talk.output.clear()
    assert b"l OK" in ask(talk, b"l", b"LOGIN alice@mondomaine.fr user1")
    ask(talk, b"s", b"SELECT INBOX")
    return talk


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(2))
def test_no_bent_command_is_our_own_failure(seed: int) -> None:
    make_cast("alice")
    chance, talk = random.Random(seed), connected()
    for count in range(ROUNDS):
        if talk.closed:
            talk = connected()
        command = bend(chance.choice(COMMANDS), chance)
        said = ask(talk, b"t%d" % count, command)
        assert said, command
        assert b"SERVERBUG" not in said, command
        assert b"[UNAVAILABLE]" not in said, command
    talk.close()
