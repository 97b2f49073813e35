"""The lists of UIDs that are kept in memory are those of the database at any moment."""

import random

import pytest

from mailstore import expunging, flags, mailboxes, messages, uid_lists
from mailstore.errors import HistoryForgotten
from mailstore.models import Entry, Tombstone
from mailstore.uid_lists import UidLists


@pytest.fixture
def lists(monkeypatch):
    monkeypatch.setattr(uid_lists, "MIN_KEPT", 1)
    monkeypatch.setattr(uid_lists, "FEW", 2)
    return UidLists()


def stored(mailbox):
    return list(Entry.objects.filter(mailbox_id=mailbox.id).order_by("uid").values_list("uid", flat=True))


def test_the_list_follows_every_change(alice, inbox, sent, fill, reload, lists):
    chance = random.Random(4)
    fill(inbox, 12)
    for _ in range(60):
        there = stored(inbox) or [1]
        some = chance.sample(there, min(len(there), chance.randrange(1, 5)))
        match chance.randrange(6):
            case 0:
                fill(inbox, chance.randrange(1, 5))
            case 1:
                messages.delete_messages(alice.id, inbox.id, some)
            case 2:
                messages.store_flags(alice.id, inbox.id, some, "add", flags.SEEN)
            case 3:
                messages.move_messages(alice.id, inbox.id, some, sent.id)
            case 4:
                messages.move_messages(alice.id, inbox.id, some, inbox.id)
            case 5:
                messages.copy_messages(alice.id, inbox.id, some, inbox.id)
        for _ in range(chance.randrange(3)):
            assert list(lists.get(reload(inbox))) == stored(inbox)
            assert list(lists.get(reload(sent))) == stored(sent)


def test_an_older_look_at_the_mailbox_spoils_nothing(alice, inbox, fill, reload, lists):
    fill(inbox, 3)
    before = reload(inbox)
    fill(inbox, 2)
    messages.delete_messages(alice.id, inbox.id, [2])
    assert list(lists.get(reload(inbox))) == [1, 3, 4, 5]
    assert list(lists.get(before)) == [1, 3]  # below its uid_next, without what went since
    assert list(lists.get(reload(inbox))) == [1, 3, 4, 5]


def test_what_the_caller_does_with_its_list_is_its_own_business(inbox, fill, reload, lists):
    fill(inbox, 2)
    for _ in range(3):
        mine = lists.get(reload(inbox))
        assert list(mine) == [1, 2]
        mine.append(99)


def test_memory_is_bounded(alice, fill, reload, lists, monkeypatch):
    monkeypatch.setattr(uid_lists, "MAX_KEPT_BYTES", 5 * 8)
    boxes = [mailboxes.create_mailbox(alice.id, f"box {number}") for number in range(3)]
    for _ in range(2):
        for box in boxes:
            fill(box, 1)
            assert list(lists.get(reload(box))) == stored(box)
            assert lists._bytes == sum(len(kept.uids) * 8 for kept in lists._lists.values()) <= 5 * 8
    assert len(lists._lists) == 2


def test_the_oldest_tombstones_are_forgotten(alice, inbox, fill, reload, lists, monkeypatch):
    monkeypatch.setattr(expunging, "MAX_TOMBSTONES", 5)
    monkeypatch.setattr(expunging, "TRIM_EVERY", 4)
    fill(inbox, 30)
    lists.get(reload(inbox))
    begin = reload(inbox).highest_modseq
    for uid in range(1, 12):
        messages.delete_messages(alice.id, inbox.id, [uid])
    last = reload(inbox).highest_modseq
    messages.delete_messages(alice.id, inbox.id, [12, 13, 14, 15, 16, 17, 18, 20])  # more at once than are kept
    assert messages.changes_since(inbox.id, last).vanished == [12, 13, 14, 15, 16, 17, 18, 20]
    with pytest.raises(HistoryForgotten):
        messages.changes_since(inbox.id, begin)
    assert list(Tombstone.objects.values_list("uid", flat=True).order_by("uid")) == [12, 13, 14, 15, 16, 17, 18, 20]
    assert list(lists.get(reload(inbox))) == stored(inbox) == [19, *range(21, 31)]
    messages.store_flags(alice.id, inbox.id, [19], "add", flags.SEEN)
    assert [state.uid for state in messages.changes_since(inbox.id, reload(inbox).highest_modseq - 1).changed] == [19]
