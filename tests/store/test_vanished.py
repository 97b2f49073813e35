"""What an old copy of a mailbox missed."""

import pytest

from mailstore import messages, vanished
from mailstore.errors import NoSuchMailbox


@pytest.fixture
def changed_box(alice, inbox, fill):
    """UIDs 2 and 4 gone, 3 flagged, 7 new; the MODSEQ before all that."""
    fill(inbox, 6)
    before = messages.changes_since(inbox.id, 0).modseq
    messages.delete_messages(alice.id, inbox.id, [2, 4])
    messages.store_flags(alice.id, inbox.id, [3], "add", 1)
    fill(inbox, 1)
    return inbox.id, before


def test_by_tombstones(changed_box):
    box, before = changed_box
    assert list(vanished.vanished_since(box, before)) == [2, 4]
    assert list(vanished.vanished_since(box, before + 1)) == []
    assert list(vanished.changed_since(box, before)) == [3, 7]


def test_without_tombstones(changed_box, monkeypatch, alice):
    box, before = changed_box
    told = messages.changes_since(box, before)
    monkeypatch.setattr("mailstore.expunging.MAX_TOMBSTONES", 1)
    monkeypatch.setattr("mailstore.expunging.TRIM_EVERY", 1)
    messages.delete_messages(alice.id, box, [5])
    messages.delete_messages(alice.id, box, [6])
    assert vanished.vanished_since(box, before) is None
    again = vanished.changes_against(box, before, [1, 2, 3, 4, 5, 6])
    assert again.vanished == [2, 4, 5, 6]
    assert again.changed == told.changed
    assert (again.modseq, again.uid_next) == (told.modseq + 2, told.uid_next)


def test_a_mailbox_that_is_gone(db):
    for ask in (lambda: vanished.vanished_since(99, 1), lambda: vanished.changes_against(99, 1, [1])):
        with pytest.raises(NoSuchMailbox):
            ask()
