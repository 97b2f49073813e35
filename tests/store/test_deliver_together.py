"""Deliveries that wait are one job: the mailbox row is read and written once, and nobody can tell the difference."""

import pytest

from directory import accounts
from mailstore import append, mailboxes, sql, writer
from mailstore.append import NewMessage, Target
from mailstore.errors import OverQuota
from mailstore.locking import LockedMailbox

pytestmark = pytest.mark.usefixtures("running_writer")


@pytest.fixture
def saves(monkeypatch):
    """The ids of the mailbox rows that were written."""
    written = []
    original = LockedMailbox.save

    def counting(self):
        written.append(self.id)
        original(self)

    monkeypatch.setattr(LockedMailbox, "save", counting)
    return written


def test_one_write_of_the_row_for_a_group(alice, inbox, hold, saves, make_message, reload):
    release = hold()
    futures = [append.deliver([Target(alice.id)], NewMessage(make_message(f"{n}"))) for n in range(10)]
    release.set()
    assert [future.result()[0].uid for future in futures] == list(range(1, 11))
    assert saves == [inbox.id]
    assert (reload(inbox).messages, reload(inbox).unseen) == (10, 10)


def test_each_delivery_has_its_modseq(alice, inbox, hold, make_message, reload):
    before = inbox.highest_modseq
    release = hold()
    futures = [append.deliver([Target(alice.id)], NewMessage(make_message(f"{n}"))) for n in range(3)]
    release.set()
    assert all(future.result()[0].error is None for future in futures)
    rows = sql.fetch_all("SELECT modseq FROM mailstore_entry WHERE mailbox_id = %s ORDER BY uid", (inbox.id,))
    assert rows == [(before + 1,), (before + 2,), (before + 3,)]
    assert reload(inbox).highest_modseq == before + 3


def test_the_quota_counts_all_mailboxes_of_the_account(alice, hold, make_message):
    accounts.update_account(alice.id, quota_messages=5)
    release = hold()
    names = ["INBOX", "Junk"] * 4
    futures = [
        append.deliver([Target(alice.id, name)], NewMessage(make_message(f"{n}"))) for n, name in enumerate(names)
    ]
    release.set()
    errors = [future.result()[0].error for future in futures]
    assert errors[:5] == [None] * 5
    assert all(isinstance(error, OverQuota) for error in errors[5:])


def test_a_missing_mailbox_means_the_inbox_that_others_hold(alice, inbox, hold, saves, make_message):
    release = hold()
    names = ["INBOX", "Gone", "INBOX"]
    futures = [
        append.deliver([Target(alice.id, name)], NewMessage(make_message(f"{n}"))) for n, name in enumerate(names)
    ]
    release.set()
    delivered = [future.result()[0] for future in futures]
    assert {each.mailbox_id for each in delivered} == {inbox.id}
    assert [each.uid for each in delivered] == [1, 2, 3]


def test_a_job_between_two_deliveries_sees_the_first(alice, inbox, hold, make_message):
    release = hold()
    first = append.deliver([Target(alice.id)], NewMessage(make_message("first")))
    between = writer.submit(lambda: mailboxes.get_mailbox_by_id(alice.id, inbox.id).messages)
    last = append.deliver([Target(alice.id)], NewMessage(make_message("last")))
    release.set()
    assert [first.result()[0].uid, between.result(), last.result()[0].uid] == [1, 1, 2]


def test_then_has_the_last_word(alice, inbox, make_message):
    def refuse(delivered):
        raise KeyError(delivered[0].uid)

    assert append.deliver([Target(alice.id)], NewMessage(make_message("1")), len).result() == 1
    with pytest.raises(KeyError, match="2"):
        append.deliver([Target(alice.id)], NewMessage(make_message("2")), refuse).result()
