"""The search index: complete, forgotten with its messages, kept by one process, never needed."""

import os
import signal
import subprocess
import sys

import pytest

from mailstore import append, index_keeper, indexing, messages, search, sql
from mailstore.accounts import delete_account
from mailstore.append import NewMessage, Target
from mailstore.check import check_store
from mailstore.errors import StoreUnavailable
from mailstore.search import Body, Subject


def rows(table):
    return [row[0] for row in sql.fetch_all(f"SELECT content_id FROM mailstore_{table} ORDER BY content_id")]


@pytest.fixture
def indexed(alice, inbox, fill):
    fill(inbox, 5)
    assert indexing.index_everything() == 5
    return inbox


def test_each_content_once_for_all_who_have_it(alice, bob, inbox, make_message):
    append.deliver([Target(alice.id), Target(bob.id)], NewMessage(make_message())).result()
    assert indexing.index_everything() == 1
    assert indexing.index_everything() == 0
    assert rows("searchkeys") == rows("searchtext")


def test_expunged_messages_leave_the_index(alice, indexed):
    kept = rows("searchkeys")[0]
    messages.delete_messages(alice.id, indexed.id, [2, 3, 4, 5])
    assert rows("searchkeys") == rows("searchtext") == [kept]


def test_a_copy_keeps_the_texts(alice, indexed, sent):
    messages.copy_messages(alice.id, indexed.id, [1], sent.id)
    messages.delete_messages(alice.id, indexed.id, [1])
    assert len(rows("searchtext")) == 5
    assert search.search(alice.id, sent.id, Body("bob")) == [1]


@pytest.mark.django_db(transaction=True)
def test_an_account_takes_its_texts_along(alice, inbox, fill):
    fill(inbox, 3)
    indexing.index_everything()
    delete_account(alice.id)
    assert rows("searchkeys") == rows("searchtext") == []


def test_it_goes_on_where_it_ended(alice, indexed, fill, reload, monkeypatch):
    monkeypatch.setattr(indexing, "SLACK", 0)
    monkeypatch.setattr(indexing, "MAX_OCTETS", 1)
    fill(reload(indexed), 3)
    indexer = indexing.Indexer()
    assert [indexer.work() for _ in range(4)] == [1, 1, 1, 0]
    assert len(rows("searchkeys")) == 8


def test_a_content_that_goes_meanwhile_leaves_nothing(alice, inbox, fill, monkeypatch):
    fill(inbox, 1)
    insert = indexing._insert

    def expunged_first(made):
        messages.delete_messages(alice.id, inbox.id, [1])
        insert(made)

    monkeypatch.setattr(indexing, "_insert", expunged_first)
    indexing.index_everything()
    assert rows("searchkeys") == rows("searchtext") == []


def test_a_content_that_cannot_be_read_does_not_stop_it(alice, inbox, fill, monkeypatch):
    fill(inbox, 3)
    first = sql.fetch_all("SELECT min(id) FROM mailstore_content")[0][0]
    read = indexing.reading.read_contents

    def broken(ids):
        if ids == [first]:
            raise StoreUnavailable("its blob is gone")
        return read(ids)

    monkeypatch.setattr(indexing.reading, "read_contents", broken)
    indexing.index_everything()
    assert rows("searchkeys") == [first + 1, first + 2]
    assert search.search(alice.id, inbox.id, Subject("n°")) == [1, 2, 3]


def test_mail_that_came_since_is_found(alice, indexed, make_message):
    append.append_messages(alice.id, indexed.id, [NewMessage(make_message("Tout neuf", "frais\r\n"))])
    assert search.search(alice.id, indexed.id, Body("frais")) == [6]
    assert search.search(alice.id, indexed.id, Subject("N")) == [1, 2, 3, 4, 5, 6]


def test_a_lost_content_is_told_by_the_check(alice, indexed):
    content_id = rows("searchkeys")[0]
    sql.execute("DELETE FROM mailstore_searchkeys WHERE content_id = %s", (content_id,))
    assert check_store() == [f"search index: texts without keys: {content_id}"]
    sql.execute("DELETE FROM mailstore_searchtext WHERE content_id = %s", (content_id,))


@pytest.mark.django_db(transaction=True)
def test_the_keeper_catches_up_by_itself(running_writer, alice, inbox, fill, monkeypatch):
    fill(inbox, 3)
    done = index_keeper.threading.Event()
    work = indexing.Indexer.work

    def told(indexer):
        count = work(indexer)
        if not count:
            done.set()
        return count

    monkeypatch.setattr(indexing.Indexer, "work", told)
    keeper = index_keeper.IndexKeeper()
    keeper.start()
    assert done.wait(30)
    keeper.stop()
    assert len(rows("searchkeys")) == 3


HOLD = """
import fcntl, sys
file = open(sys.argv[1], "w")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


def test_one_process_keeps_it_and_a_killed_one_lets_go(tmp_path):
    path = tmp_path / "index.lock"
    with subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdin=-1, stdout=-1) as other:
        assert other.stdout.readline() == b"held\n"
        with open(path, "w") as file:
            assert not index_keeper._try_lock(file)
            os.kill(other.pid, signal.SIGKILL)
            other.wait()
            assert index_keeper._try_lock(file)
