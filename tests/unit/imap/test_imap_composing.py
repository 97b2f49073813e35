"""What messages are put together from: URLs, of which what is read is counted, and literals that share a file."""

import pytest

from protocols.imap import composing
from protocols.imap.wire import framer
from tests.conformance.actions import append, make_cast
from tests.conformance.conversation import Conversation

pytestmark = pytest.mark.django_db(transaction=True)
SIZE = len(b"Subject: x\r\n\r\n") + 1000


@pytest.fixture
def client(monkeypatch):
    """Two messages; read_contents() tells `client.read` what it gives."""
    make_cast("alice")
    for letter in "yz":
        append(f"alice INBOX Subject: x\\r\\n\\r\\n{{{{{letter}*1000}}}}")
    client = Conversation("imap")
    client.send(b"a LOGIN alice@mondomaine.fr user1\r\n")
    client.read = []
    read_contents = composing.read_contents

    def counting(ids):
        client.read += ids
        return read_contents(ids)

    monkeypatch.setattr(composing, "read_contents", counting)
    return client


def catenate(client, *uids):
    client.output.clear()
    urls = b" ".join(b'URL "/INBOX/;UID=%d/;SECTION=TEXT/;PARTIAL=0.1"' % uid for uid in uids)
    client.send(b"b APPEND INBOX CATENATE (" + urls + b")\r\n")
    return client.take_line()


def test_a_message_is_read_once_for_urls_in_a_row(client, monkeypatch):
    monkeypatch.setattr(composing, "MAX_READ", 2 * SIZE)
    assert catenate(client, 1, 1, 1, 2, 2, 2).startswith(b"b OK ")
    assert len(client.read) == 2


def test_what_is_read_is_bounded(client, monkeypatch):
    monkeypatch.setattr(composing, "MAX_READ", 3 * SIZE)
    assert catenate(client, 1, 2, 1).startswith(b"b OK ")
    client.read.clear()
    assert catenate(client, 1, 2, 1, 2, 1, 2) == b"b NO [LIMIT] The URLs name too much to read"
    assert len(client.read) == 4
    client.output.clear()
    client.send(b"c STATUS INBOX (MESSAGES)\r\n")
    assert client.take_line() == b'* STATUS "INBOX" (MESSAGES 3)'


def test_a_url_is_refused_whatever_was_read_before(client):
    assert catenate(client, 1, 9).startswith(b"b NO [BADURL ")
    client.output.clear()
    client.send(b'c APPEND INBOX CATENATE (URL "/INBOX/;UID=1" URL "/INBOX;UIDVALIDITY=1/;UID=1")\r\n')
    assert client.take_line().startswith(b"c NO [BADURL /INBOX;UIDVALIDITY=1/;UID=1]")


def test_messages_out_of_one_spool(client, monkeypatch):
    monkeypatch.setattr(framer, "MAX_HELD", 0)
    client.send(
        b"c APPEND {5+}\r\nINBOX {7+}\r\n\r\nfirst (\\Seen) ~{8+}\r\n\r\nsecond "
        b"CATENATE (TEXT {7+}\r\n\r\nthird URL {40+}\r\n/INBOX/;UID=1/;SECTION=TEXT/;PARTIAL=0.2)\r\n"
    )
    assert b"c OK [APPENDUID" in client.output
    client.send(b"d EXAMINE INBOX\r\n")
    client.output.clear()
    client.send(b"e FETCH 3:5 BODY.PEEK[TEXT]\r\n")
    assert [line for line in bytes(client.output).split(b"\r\n") if line.endswith(b")")] == [
        b"first)", b"second)", b"thirdyy)",
    ]  # fmt: skip
