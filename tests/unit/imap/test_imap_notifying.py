"""Which names changed, and what happens when there are too many to watch."""

import pytest

from mailstore.mailboxes import create_mailbox
from protocols.imap import name_changes, notifying
from tests.conformance.actions import account, make_cast
from tests.conformance.conversation import Conversation

pytestmark = pytest.mark.django_db(transaction=True)


def talk(text: bytes, conversation: Conversation) -> bytes:
    conversation.send(text)
    said = bytes(conversation.output)
    conversation.output.clear()
    return said


@pytest.fixture
def client():
    make_cast("alice")
    conversation = Conversation("imap")
    talk(b"a LOGIN alice@mondomaine.fr user1\r\n", conversation)
    yield conversation
    conversation.close()


def test_too_many_mailboxes_are_refused(client, monkeypatch):
    monkeypatch.setattr(notifying, "MAX_MAILBOXES", 5)
    said = talk(b"b NOTIFY SET (personal (MessageNew MessageExpunge))\r\n", client)
    assert said.startswith(b"b NO [NOTIFICATIONOVERFLOW]")
    assert b"c OK" in talk(b"c NOTIFY SET (selected (MessageNew MessageExpunge))\r\n", client)


def test_notifications_end_when_they_become_too_many(client, monkeypatch):
    monkeypatch.setattr(notifying, "MAX_MAILBOXES", 6)
    assert b"b OK" in talk(b"b NOTIFY SET (personal (MailboxName))\r\n", client)
    create_mailbox(account("alice").id, "Siebtes")
    client.wake()
    assert bytes(client.output).startswith(b"* OK [NOTIFICATIONOVERFLOW]")
    client.output.clear()
    create_mailbox(account("alice").id, "Achtes")
    client.wake()
    assert not client.output, "as after NOTIFY NONE (RFC 5465 section 5.8)"


def test_children_go_with_their_parent():
    renamed = {"x": "a", "x/b": "a/b", "x/b/c": "a/b/c", "y": "a/d"}
    moved = [new for new, old in renamed.items() if name_changes.moved_with_parent(new, old, renamed)]
    assert moved == ["x/b", "x/b/c"]
