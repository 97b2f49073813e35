"""Which names changed, and what happens when there are too many to watch."""

import re

import pytest

from mailstore.mailboxes import create_mailbox
from protocols.imap import fetching, name_changes, news, notifying
from protocols.imap.notifying import Notifications
from protocols.imap.wire.commands.notify import MAX_NAMES, MESSAGE_EVENTS, EventGroup
from tests.conformance.actions import account, append, make_cast
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


@pytest.fixture
def many(client, monkeypatch):
    """Of ten new messages two are told at once."""
    monkeypatch.setattr(fetching, "OUTPUT_BATCH", 1)
    monkeypatch.setattr(news, "FETCHED_AT_ONCE", 60)
    talk(b"s SELECT INBOX\r\n", client)
    talk(b"n NOTIFY SET (selected (MessageNew (BODY.PEEK[]) MessageExpunge))\r\n", client)
    for count in range(10):
        append(f"alice INBOX Subject: {count}\\r\\n\\r\\nx\\r\\n")
    return client


def numbers(said: bytes) -> list[int]:
    return [int(number) for number in re.findall(rb"\* (\d+) FETCH", said)]


def test_many_new_messages_are_not_joined_in_memory(many):
    reply = many.session.wake()
    assert numbers(reply.data) == [1, 2]
    assert [numbers(batch) for batch in reply.more if batch] == [[number] for number in range(3, 11)]
    assert many.session.wake() is None


@pytest.mark.parametrize(
    ("command", "begun"), [(b"c NOOP\r\n", 2), (b"c UID FETCH 1:* UID\r\n", 2), (b"c IDLE\r\n", 0)]
)
def test_what_is_too_much_for_an_answer_comes_behind_it(many, command, begun):
    said = talk(command, many)
    assert numbers(said) == list(range(1, 11))
    answer = said.index(b"c OK" if begun else b"+ idling")
    assert numbers(said[:answer]) == list(range(1, begun + 1))
    assert b"EXISTS" not in said[said.index(b"FETCH") :]


def test_a_failure_behind_an_answer_is_not_answered(many, monkeypatch, caplog):
    def run(fetching, uids, answer):
        yield b"* 1 FETCH " + b"x" * 60
        raise OSError("the disk")

    monkeypatch.setattr(news.Fetching, "run", run)
    said = talk(b"c NOOP\r\n", many)
    assert said.endswith(b"xc OK Done\r\n")
    assert "could not be fetched" in caplog.text


class Named(str):
    """A name that a filter has, and how often it was looked at by itself."""

    looks = 0

    def upper(self):
        type(self).looks += 1
        return super().upper()


@pytest.mark.parametrize("where", ["MAILBOXES", "SUBTREE"])
def test_the_names_of_a_filter_are_not_gone_through_with_each_look(client, monkeypatch, where):
    group = EventGroup(where, (Named("Sent"), Named("inbox"), Named("Nowhere")), frozenset(MESSAGE_EVENTS))
    notifications = Notifications(account("alice").id, [group])
    monkeypatch.setattr(Named, "looks", 0)
    for name in ("INBOX", "Sent", "Junk"):
        append(f"alice {name} Subject: neu\\r\\n\\r\\nx\\r\\n")
    said = notifications.look(None, condstore=False, utf8=False)
    assert re.findall(rb'STATUS "(\w+)"', said) == [b"INBOX", b"Sent"]
    assert Named.looks == 0


def test_only_what_changed_is_held_against_the_filters(client, monkeypatch):
    notifications = Notifications(account("alice").id, [EventGroup("PERSONAL", (), frozenset(MESSAGE_EVENTS))])
    asked = []
    events = Notifications._events
    monkeypatch.setattr(
        Notifications, "_events", lambda self, name, *rest: asked.append(name) or events(self, name, *rest)
    )
    append("alice Sent Subject: neu\\r\\n\\r\\nx\\r\\n")
    assert b"MESSAGES 1" in notifications.look(None, condstore=False, utf8=False)
    assert asked == ["Sent"]


@pytest.mark.parametrize(
    ("where", "name", "covered"),
    [
        ("MAILBOXES", "a/b", True),
        ("MAILBOXES", "a/b/c", False),
        ("MAILBOXES", "a", False),
        ("SUBTREE", "a/b", True),
        ("SUBTREE", "a/b/c/d", True),
        ("SUBTREE", "a/bc", False),
        ("SUBTREE", "a", False),
        ("SUBTREE", "INBOX/x", True),
        ("MAILBOXES", "INBOX", True),
    ],
)
def test_which_mailboxes_a_filter_covers(client, where, name, covered):
    notifications = Notifications(account("alice").id, [EventGroup(where, ("a/b", "Inbox"), frozenset(MESSAGE_EVENTS))])
    assert bool(notifications._events(name, False)) is covered


def test_names_are_counted_over_all_groups(client):
    def notify(count: int) -> bytes:
        names = " ".join(f"m{number}" for number in range(count))
        return talk(
            b"n NOTIFY SET (mailboxes (%b) (MailboxName)) (subtree x (MailboxName))\r\n" % names.encode(), client
        )

    assert notify(MAX_NAMES - 1).startswith(b"n OK")
    assert notify(MAX_NAMES) == b"n BAD Too many mailboxes\r\n"


def test_children_go_with_their_parent():
    renamed = {"x": "a", "x/b": "a/b", "x/b/c": "a/b/c", "y": "a/d"}
    moved = [new for new, old in renamed.items() if name_changes.moved_with_parent(new, old, renamed)]
    assert moved == ["x/b", "x/b/c"]
