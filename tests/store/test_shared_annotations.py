"""Annotations in a mailbox of another: whose state is told, and whose room they take."""

import pytest

from mailstore import accounts, acl, annotations, flags, mailboxes, rights
from mailstore.annotating import store_annotations
from mailstore.annotations import Key, read_annotations
from mailstore.append import NewMessage, append_messages
from mailstore.copying import copy_messages, move_messages
from mailstore.errors import LimitReached
from mailstore.flagging import store_flags
from mailstore.models import Annotation, Entry

COMMENT = Key("/comment", False)
SHARED = Key("/comment", True)


@pytest.fixture
def readable(alice, bob, inbox, fill):
    """alice's INBOX with three messages, which bob may read and write."""
    fill(inbox, 3)
    acl.set_rights(alice.id, inbox.id, acl.find_identifier(bob.address), "replace", rights.parse("lrswite"))
    return inbox


def test_a_reader_is_told_the_flags_of_its_own(alice, bob, readable):
    store_flags(alice.id, readable.id, [1], "add", flags.SEEN)
    store_flags(bob.id, readable.id, [2], "add", flags.SEEN)
    told = store_annotations(bob.id, readable.id, [1, 2], {COMMENT: b"x"}).changed
    assert [(state.uid, state.flags) for state in told] == [(1, 0), (2, flags.SEEN)]


def test_a_readers_own_mark_counts_for_unchangedsince(bob, readable, reload):
    before = reload(readable).highest_modseq
    store_flags(bob.id, readable.id, [1], "add", flags.SEEN)
    result = store_annotations(bob.id, readable.id, [1, 2], {COMMENT: b"x"}, unchanged_since=before)
    assert result.modified == [1] and [state.uid for state in result.changed] == [2]


def test_shared_ones_take_the_owners_room_and_private_ones_the_readers(alice, bob, readable, make_message, monkeypatch):
    monkeypatch.setattr(annotations, "MAX_TOTAL", 2 * (annotations.ROW_SIZE + 1))
    store_annotations(bob.id, readable.id, [1, 2], {COMMENT: b"x"})
    with pytest.raises(LimitReached):
        store_annotations(bob.id, readable.id, [3], {COMMENT: b"x"})
    store_annotations(bob.id, readable.id, [1, 2], {SHARED: b"x"})  # bob has no room, alice had
    for account, key in ((bob, SHARED), (alice, SHARED), (alice, COMMENT)):
        with pytest.raises(LimitReached):
            store_annotations(account.id, readable.id, [3], {key: b"x"})
        with pytest.raises(LimitReached):
            append_messages(account.id, readable.id, [NewMessage(make_message("n"), annotations={key: b"x"})])
    assert Annotation.objects.count() == 4 and Entry.objects.count() == 3


def test_the_owner_forgets_the_shared_ones_that_a_reader_removed(alice, bob, readable, monkeypatch):
    monkeypatch.setattr(annotations, "MAX_REMOVED", 3)
    for n in range(10):
        key = Key(f"/vendor/x/{n}", True)
        store_annotations(bob.id, readable.id, [1], {key: b"x"})
        store_annotations(bob.id, readable.id, [1], {key: None})
    assert Annotation.objects.filter(account_id=alice.id, value=None).count() <= annotations.MAX_REMOVED + 1


def test_what_a_copy_takes_is_asked_of_each_account(alice, bob, readable, monkeypatch):
    store_annotations(alice.id, readable.id, [1], {COMMENT: b"a"})
    store_annotations(bob.id, readable.id, [1], {COMMENT: b"b", SHARED: b"s"})
    own = mailboxes.get_mailbox(bob.id, "INBOX")
    monkeypatch.setattr(annotations, "MAX_TOTAL", 2 * (annotations.ROW_SIZE + 1))
    with pytest.raises(LimitReached):
        copy_messages(bob.id, readable.id, [1], own.id)  # bob would have three
    assert not Entry.objects.filter(mailbox_id=own.id).exists()
    monkeypatch.setattr(annotations, "MAX_TOTAL", 3 * (annotations.ROW_SIZE + 1))
    copied = copy_messages(bob.id, readable.id, [1], own.id).target_uids
    assert read_annotations(bob.id, own.id, copied) == {copied[0]: {COMMENT: b"b", SHARED: b"s"}}


def test_what_moves_to_another_account_takes_its_own_room_along(bob, readable, monkeypatch):
    store_annotations(bob.id, readable.id, [1, 2], {COMMENT: b"b"})
    own = mailboxes.get_mailbox(bob.id, "INBOX")
    monkeypatch.setattr(annotations, "MAX_TOTAL", 2 * (annotations.ROW_SIZE + 1))
    moved = move_messages(bob.id, readable.id, [1], own.id).target_uids
    assert read_annotations(bob.id, own.id, moved) == {moved[0]: {COMMENT: b"b"}}
    store_annotations(bob.id, readable.id, [2], {COMMENT: None, SHARED: b"s"})
    store_annotations(bob.id, own.id, moved, {SHARED: b"s"})
    with pytest.raises(LimitReached):  # what is shared becomes bob's
        move_messages(bob.id, readable.id, [2], own.id)


def test_a_copy_leaves_out_what_is_shared_where_it_may_not_be_set(alice, bob, marie, readable, monkeypatch):
    store_annotations(bob.id, readable.id, [2], {COMMENT: b"b", SHARED: b"s"})
    box = mailboxes.create_mailbox(marie.id, "Équipe")
    acl.set_rights(marie.id, box.id, acl.find_identifier(bob.address), "replace", rights.parse("lri"))
    copied = copy_messages(bob.id, readable.id, [1, 2], box.id).target_uids
    assert read_annotations(bob.id, box.id, copied) == {copied[1]: {COMMENT: b"b"}}


def test_an_heir_does_not_get_what_third_parties_noted_for_themselves(alice, bob, marie, readable):
    store_annotations(alice.id, readable.id, [1], {COMMENT: b"a"})
    store_annotations(bob.id, readable.id, [1], {COMMENT: b"b", SHARED: b"s"})
    accounts.delete_account(alice.id, mail_to=marie.id)
    assert read_annotations(marie.id, readable.id, [1]) == {1: {COMMENT: b"a", SHARED: b"s"}}
    assert not Annotation.objects.exclude(account_id=marie.id).exists()
