"""Wake-ups from the change feed reach a session between its requests."""

import pytest

from mailstore import feed
from protocols.runtime.watching import Watching
from tests.runtime.echo import read_line, serving, wait_for

# The feed looks at the database for what other processes committed.
pytestmark = pytest.mark.django_db(transaction=True)


def _publish(mailbox_id: int, modseq: int) -> None:
    feed.publish([feed.Change(1, mailbox_id, modseq)])


def test_watching_wakes_once_by_itself_then_with_each_change():
    feed.start()
    try:
        with serving() as served, served.connect() as client:
            read_line(client)
            client.sendall(b"watch 4242\r\n")
            assert [read_line(client), read_line(client)] == [b"watching\r\n", b"woken\r\n"]
            _publish(4242, 1)
            assert read_line(client) == b"woken\r\n"
            client.sendall(b"watch\r\n")
            assert read_line(client) == b"watching\r\n"
            _publish(4242, 2)
            client.sendall(b"echo quiet\r\n")
            assert read_line(client) == b"echo quiet\r\n"
            assert served.sessions[0].wakes == 2
    finally:
        feed.stop()


def test_no_wake_up_while_a_request_lasts_but_after_it():
    feed.start()
    try:
        with serving() as served, served.connect() as client:
            read_line(client)
            client.sendall(b"watch 4343\r\n")
            read_line(client), read_line(client)
            client.sendall(b"block\r\n")
            session = served.sessions[0]
            wait_for(lambda: len(session.threads) == 2)
            _publish(4343, 1)
            _publish(4343, 2)
            served.gate.set()
            assert [read_line(client), read_line(client)] == [b"unblocked\r\n", b"woken\r\n"]
    finally:
        feed.stop()


def test_a_whole_account_is_watched():
    hints = []
    watching = Watching(lambda step: step(), lambda: hints.append(1))
    feed.start()
    try:
        watching.watch((), 77)
        assert watching and len(hints) == 1, "what came before it watched would go unseen"
        watching.watch((), 77)
        assert len(hints) == 1
        feed.publish([feed.Change(77, 4545, 1)])
        wait_for(lambda: len(hints) == 2)
        watching.watch(())
        assert not watching
    finally:
        feed.stop()
