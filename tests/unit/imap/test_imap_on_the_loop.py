"""What a session answers on the event loop: LOGIN from memory, SELECT of a small mailbox; the same as a thread says."""

import asyncio
import threading

import pytest

from directory import freshness
from mailstore import glance, mailboxes
from mailstore.append import NewMessage, append_messages
from protocols.imap import limits
from security import passwords, throttle
from tests.conformance.actions import account, make_cast
from tests.conformance.conversation import Conversation

LOGIN = b"a LOGIN alice@mondomaine.fr user1\r\n"


def on_a_loop(action, *, prepared=True):
    """What `action` gives on a thread of its own with a running loop, where Django refuses every query."""
    got = []

    async def act():
        got.append(action())

    def run():
        if prepared:
            glance.prepare()
        try:
            asyncio.run(act())
        finally:
            glance.leave()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    [result] = got
    return result


def ask(session, line):
    """(whether it was inline, the answer's octets); what is not inline is not asked."""
    session.framer.feed(line)
    request = session.framer.next_event()
    inline = session.is_inline(request)
    return inline, session.handle(request).data if inline else b""


@pytest.fixture
def session(transactional_db, monkeypatch):
    for module in (freshness, throttle):
        monkeypatch.setattr(module, "MAX_AGE", 60.0)  # however slow the machine is
    make_cast("alice")
    Conversation("imap").send(LOGIN + b"b SELECT INBOX\r\n")  # what was verified and read is known from here on
    return Conversation("imap").session


def test_a_known_password_needs_no_thread(session):
    inline, answer = on_a_loop(lambda: ask(session, LOGIN))
    assert inline and answer.startswith(b"a OK [CAPABILITY ")
    assert session.account_id == account("alice").id
    assert session.wire_facts().account == "alice@mondomaine.fr"


def test_another_password_is_for_a_thread(session):
    assert on_a_loop(lambda: ask(session, b"a LOGIN alice@mondomaine.fr user2\r\n")) == (False, b"")
    assert session.account is None


def test_a_password_that_was_changed_is_known_no_more(session):
    passwords.set_password(account("alice").id, "user1")
    assert on_a_loop(lambda: ask(session, LOGIN)) == (False, b"")


@pytest.mark.sqlite
def test_a_small_mailbox_is_selected_as_a_thread_would(session):
    talk = Conversation("imap")
    talk.send(LOGIN + b"c SELECT Sent\r\n")
    inline, answer = on_a_loop(lambda: (ask(session, LOGIN), ask(session, b"c SELECT Sent\r\n"))[1])
    assert inline and len(answer) > 200 and talk.output.endswith(answer)
    assert session.selected.name == "Sent"


@pytest.mark.parametrize(
    "line", [b"c SELECT Nowhere\r\n", b"c SELECT INBOX\r\n"], ids=["no such mailbox", "mail to be claimed"]
)
def test_what_is_more_than_a_glance_is_for_a_thread(session, line):
    inbox = mailboxes.get_mailbox(account("alice").id, "INBOX")
    append_messages(inbox.account_id, inbox.id, [NewMessage(b"Subject: new\r\n\r\n")])
    assert on_a_loop(lambda: (ask(session, LOGIN)[0], ask(session, line))) == (True, (False, b""))


def test_a_large_mailbox_is_for_a_thread(session, monkeypatch):
    monkeypatch.setattr(glance, "MAX_MESSAGES", 0)
    sent = mailboxes.get_mailbox(account("alice").id, "Sent")
    append_messages(sent.account_id, sent.id, [NewMessage(b"Subject: new\r\n\r\n")])
    assert on_a_loop(lambda: (ask(session, LOGIN)[0], ask(session, b"c EXAMINE Sent\r\n"))) == (True, (False, b""))


@pytest.mark.parametrize(
    "line",
    [
        b"b NOOP" + b" {1+}\r\nx" * (limits.INLINE_PARTS // 2) + b"\r\n",
        b"b FETCH 1" + b",1" * (limits.INLINE_OCTETS // 2) + b" UID\r\n",
        b"b APPEND INBOX {%d+}\r\n" % limits.INLINE_OCTETS + b"x" * limits.INLINE_OCTETS + b"\r\n",
    ],
    ids=["many literals", "a long line", "a long literal"],
)
def test_what_is_long_is_parsed_in_a_thread(session, line, monkeypatch):
    on_a_loop(lambda: ask(session, LOGIN))
    parsed = []
    monkeypatch.setattr("protocols.imap.session.parse", lambda request, _enabled: parsed.append(request))
    assert on_a_loop(lambda: ask(session, line)) == (False, b"")
    assert parsed == []


def test_a_command_that_has_begun_must_go_on(session):
    """Its literals are held until it ends."""
    on_a_loop(lambda: ask(session, LOGIN))
    for line, timeout, rate in [
        (b"b APPEND INBOX", limits.TIMEOUT, 0),
        (b" {3+}\r\nab", limits.TIMEOUT_IN_LITERAL, limits.MINIMUM_RATE),
        (b"c", limits.TIMEOUT_IN_LITERAL, limits.MINIMUM_RATE),
        (b" {3}\r\nabc", limits.TIMEOUT_IN_LITERAL, limits.MINIMUM_RATE),
        (b"\r\n", limits.TIMEOUT, 0),
    ]:
        session.framer.feed(line)
        while session.framer.next_event() is not None:
            pass
        assert (session.timeout(), session.minimum_rate) == (timeout, rate), line


def test_a_loop_without_a_connection_reads_nothing(session):
    action = lambda: (ask(session, LOGIN)[0], ask(session, b"c SELECT Sent\r\n"))  # noqa: E731
    assert on_a_loop(action, prepared=False) == (True, (False, b""))


def test_who_hears_of_annotations_is_answered_in_threads(session):
    on_a_loop(lambda: ask(session, LOGIN))
    inline, answer = on_a_loop(lambda: ask(session, b"b ENABLE CONDSTORE\r\n"))
    assert inline and answer.startswith(b"* ENABLED CONDSTORE\r\n")
    inline, _ = on_a_loop(lambda: ask(session, b"c ENABLE METADATA\r\n"))
    assert not inline
    session.framer.feed(b"d ENABLE METADATA\r\n")
    session.handle(session.framer.next_event())
    for line in (b"e NOOP\r\n", b"f SELECT INBOX\r\n", b"g CAPABILITY\r\n"):
        inline, _ = on_a_loop(lambda line=line: ask(session, line))
        assert not inline
