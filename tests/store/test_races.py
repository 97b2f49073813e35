"""Two sessions at once: each test makes the unlucky order happen for certain."""

import threading
from itertools import pairwise

import pytest

from mailstore import append, flags, locking, mailboxes, messages, reading, sql, writer
from mailstore.append import NewMessage, Target
from mailstore.errors import NoSuchMailbox
from mailstore.transactions import transact


def test_delete_means_the_mailbox_that_has_the_name_by_then(alice, fill, hold, second_thread, wait_for):
    """Behind a RENAME and a CREATE of the old name, DELETE must not hit the renamed mailbox and its mail."""
    kept = mailboxes.create_mailbox(alice.id, "projet")
    fill(kept, 2)
    release = hold()
    waiting = []
    for verb, *names in (
        (mailboxes.rename_mailbox, "projet", "archives"),
        (mailboxes.create_mailbox, "projet"),
        (mailboxes.delete_mailbox, "projet"),
    ):
        waiting.append(second_thread(verb, alice.id, *names))
        wait_for(lambda: writer._writer._queue.qsize() == len(waiting))
    release.set()
    for future in waiting:
        future.exception(5)
    found = mailboxes.get_mailbox(alice.id, "archives")
    assert (found.id, found.messages) == (kept.id, 2)
    with pytest.raises(NoSuchMailbox):
        mailboxes.get_mailbox(alice.id, "projet")


def test_a_session_does_not_slip_into_the_next_mailbox_of_a_name(alice, fill):
    """A mailbox with children is deleted and created again while a session has it selected."""
    old = mailboxes.create_mailbox(alice.id, "a")
    mailboxes.create_mailbox(alice.id, "a/b")
    mailboxes.unsubscribe(alice.id, "a")
    fill(old, 2)
    seen = messages.snapshot(alice.id, old.id, take_recent=False)
    mailboxes.delete_mailbox(alice.id, "a")
    with pytest.raises(NoSuchMailbox):
        messages.changes_since(old.id, seen.info.highest_modseq)
    assert not mailboxes.get_mailbox(alice.id, "a").subscribed
    fill(mailboxes.create_mailbox(alice.id, "a"), 1)
    with pytest.raises(NoSuchMailbox):
        messages.changes_since(old.id, seen.info.highest_modseq)
    assert list(reading.fetch_rows(old.id, [1, 2], ["uid"])) == []


def test_delivery_to_a_mailbox_that_is_deleted_meanwhile(alice, inbox, hold, second_thread, wait_for, make_message):
    mailboxes.create_mailbox(alice.id, "projet")
    release = hold()
    gone = second_thread(mailboxes.delete_mailbox, alice.id, "projet")
    wait_for(lambda: writer._writer._queue.qsize() == 1)
    delivered = append.deliver([Target(alice.id, "projet")], NewMessage(make_message()))
    release.set()
    gone.result(5)
    assert delivered.result(5)[0].mailbox_id == inbox.id


def test_changes_are_of_one_moment(alice, inbox, transactional_db, second_thread, make_message):
    """What a reader is told while another delivers and flags: UIDs only grow, and nothing is missed."""
    done = threading.Event()

    def deliver_and_flag():
        try:
            for number in range(60):
                message = NewMessage(make_message(f"{number}", Message_ID=f"<{number}@x>"))
                uid = append.append_messages(alice.id, inbox.id, [message]).uids[0]
                messages.store_flags(alice.id, inbox.id, [uid], "add", flags.SEEN)
                if uid % 3 == 0:
                    messages.delete_messages(alice.id, inbox.id, [uid])
        finally:
            done.set()

    working = second_thread(deliver_and_flag)
    told: list[int] = []
    gone: set[int] = set()
    modseq, last = inbox.highest_modseq, False
    while not last:
        last = done.is_set()
        changes = messages.changes_since(inbox.id, modseq)
        assert changes.modseq >= modseq
        highest = told[-1] if told else 0
        new = [state.uid for state in changes.changed if state.uid > highest]
        assert {state.uid for state in changes.changed} - set(new) <= set(told) - gone, "an older one was told late"
        assert all(uid < changes.uid_next for uid in new)
        told += new
        gone |= set(changes.vanished)
        modseq = changes.modseq
    working.result(5)
    assert all(before < after for before, after in pairwise(told))
    assert set(told) - gone == {uid for uid in range(1, 61) if uid % 3}


@pytest.mark.postgresql
def test_writers_of_one_account_do_not_deadlock(alice, inbox, sent, transactional_db, second_thread, wait_for):
    """One has a mailbox and wants the next, the other wants just that one: who waits holds nothing."""
    first, second = sorted((inbox.id, sent.id))
    has_first, runs = threading.Event(), []

    def both():
        runs.append("both")
        locking.lock_mailbox(alice.id, first)
        has_first.set()
        wait_for(_somebody_waits)
        locking.lock_mailbox(alice.id, second).save()

    def one():
        runs.append("one")
        locking.lock_mailbox(alice.id, second).save()

    working = second_thread(transact, both)
    assert has_first.wait(5)
    other = second_thread(transact, one)
    working.result(10)
    other.result(10)
    assert sorted(runs) == ["both", "one"]


def _somebody_waits() -> bool:
    found = sql.fetch_one("SELECT count(*) FROM pg_locks WHERE NOT granted")
    return bool(found and found[0])
