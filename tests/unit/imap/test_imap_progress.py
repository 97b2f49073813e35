"""INPROGRESS (RFC 9585): what lasts says how far it is, and its words go out at once."""

from concurrent.futures import Future

import pytest

from mailstore import expunging
from protocols.imap import progress
from protocols.imap.progress import Progress
from protocols.runtime import limits
from protocols.runtime.session import Reply
from protocols.runtime.turn import Turn, pull
from tests.conformance.actions import make_cast, perform
from tests.conformance.conversation import Conversation


@pytest.fixture
def client(transactional_db):
    make_cast("alice")
    perform("many alice INBOX 5")
    talk = Conversation("imap")
    for line in (b"a LOGIN alice@mondomaine.fr user1", b"b SELECT INBOX"):
        say(talk, line)
    yield talk
    talk.close()


def say(talk, line):
    talk.send(line + b"\r\n")
    said = bytes(talk.output).decode().splitlines()
    talk.output.clear()
    return said


def reports(lines):
    return [line.split("(", 1)[1].split(")")[0] for line in lines if line.startswith("* OK [INPROGRESS")]


@pytest.fixture
def always_due(monkeypatch):
    monkeypatch.setattr(progress, "INTERVAL", 0.0)


def test_an_expunge_knows_no_goal(client, always_due, monkeypatch):
    monkeypatch.setattr(expunging, "BATCH", 2)
    say(client, b"c STORE 1:3 +FLAGS.SILENT (\\Deleted)")
    said = say(client, b"d EXPUNGE")
    assert reports(said) == ['"d" 2 NIL', '"d" 3 NIL']
    assert said[-1] == "d OK Expunged"


def test_a_move_counts(client, always_due):
    assert reports(say(client, b"e MOVE 1:2 Trash")) == ['"e" 1 2']


def test_what_is_quick_says_nothing(client):
    for command in (b"f SEARCH BODY x", b"g COPY 1 Trash", b"h MOVE 1 Trash", b"i EXPUNGE"):
        assert reports(say(client, command)) == []


def test_who_waits_for_the_writer_knows_nothing(client, always_due):
    future: Future[int] = Future()
    waiting = Progress(client.session, b"k").wait(future)
    assert next(waiting).startswith(b'* OK [INPROGRESS ("k" NIL NIL)]')
    assert next(waiting).startswith(b'* OK [INPROGRESS ("k" NIL NIL)]')
    future.set_result(7)
    with pytest.raises(StopIteration) as done:
        next(waiting)
    assert done.value.value == 7


def test_a_failure_is_the_futures_own(client, always_due):
    future: Future[int] = Future()
    future.set_exception(TimeoutError("its own"))
    with pytest.raises(TimeoutError, match="its own"):
        next(Progress(client.session, b"k").wait(future))


def test_little_goes_out_in_time_and_the_thread_is_given_back(monkeypatch):
    """So that long commands do not hold all threads, and a client that is gone is noticed."""
    monkeypatch.setattr(limits, "TURN_SECONDS", 0.0)
    turn = Turn(reply=Reply(more=iter([b"", b"report", b"answer"])))
    made = []
    for _ in range(2):
        pull(turn, None)
        made.append(turn.take())
    assert made == [b"", b"report"]
    assert turn.reply is not None, "there is more"


def test_who_waits_for_another_looks_up_in_between(monkeypatch):
    monkeypatch.setattr(progress, "LOOK_UP", 0.0)
    future: Future[str] = Future()
    waiting = Progress(None, b"x").wait(future)
    assert next(waiting) == b""
    future.set_result("done")
    with pytest.raises(StopIteration) as ended:
        next(waiting)
    assert ended.value.value == "done"
