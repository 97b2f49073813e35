"""Annotations of messages: limits, who sees what, and where they go with their messages."""

import pytest

from mailstore import accounts, annotations, mailboxes
from mailstore.annotating import store_annotations
from mailstore.annotations import Key, changed_entries, read_annotations, search_annotations
from mailstore.append import NewMessage, append_messages
from mailstore.copying import copy_messages, move_messages
from mailstore.errors import LimitReached, NoSuchMailbox, TooManyEntries, ValueTooLarge
from mailstore.expunging import delete_messages
from mailstore.models import Annotation, Entry

COMMENT = Key("/comment", False)
SHARED = Key("/comment", True)


def test_messages_without_annotations_have_no_rows(alice, inbox, fill):
    fill(inbox, 3)
    assert read_annotations(alice.id, inbox.id, [1, 2, 3]) == {}
    store_annotations(alice.id, inbox.id, [2, 9], {COMMENT: b"x"})
    assert list(Annotation.objects.values_list("uid", flat=True)) == [2]
    assert read_annotations(alice.id, inbox.id, [1, 2, 3]) == {2: {COMMENT: b"x"}}


def test_the_message_and_the_mailbox_know_of_the_change(alice, inbox, fill, reload):
    fill(inbox, 2)
    before = reload(inbox).highest_modseq
    result = store_annotations(alice.id, inbox.id, [1], {COMMENT: b"x"})
    assert reload(inbox).highest_modseq == before + 1 == result.own_modseqs[0]
    assert Entry.objects.get(mailbox_id=inbox.id, uid=1).modseq == before + 1
    refused = store_annotations(alice.id, inbox.id, [1, 2], {COMMENT: b"y"}, unchanged_since=before)
    assert refused.modified == [1] and [state.uid for state in refused.changed] == [2]
    store_annotations(alice.id, inbox.id, [1], {COMMENT: None})
    assert changed_entries(alice.id, inbox.id, before) == [(1, "/comment", before + 3), (2, "/comment", before + 2)]
    assert read_annotations(alice.id, inbox.id, [1]) == {}


def test_another_accounts_mailbox_is_not_there(alice, bob, inbox, fill):
    fill(inbox, 1)
    with pytest.raises(NoSuchMailbox):
        store_annotations(bob.id, inbox.id, [1], {SHARED: b"x"})
    with pytest.raises(NoSuchMailbox):
        search_annotations(bob.id, inbox.id, lambda entry: True, frozenset({True}), "x")
    assert not Annotation.objects.exists()


def test_a_private_one_is_for_its_account_only(alice, bob, inbox, fill):
    fill(inbox, 1)
    store_annotations(alice.id, inbox.id, [1], {COMMENT: b"p", SHARED: b"s"})
    assert read_annotations(bob.id, inbox.id, [1]) == {1: {SHARED: b"s"}}
    assert changed_entries(bob.id, inbox.id, 0)[0][:2] == (1, "/comment")


def test_limits(alice, inbox, fill, monkeypatch):
    fill(inbox, 2)
    with pytest.raises(ValueTooLarge):
        store_annotations(alice.id, inbox.id, [1], {COMMENT: b"x" * (annotations.MAX_VALUE + 1)})
    many = {Key(f"/vendor/x/{n}", False): b"x" for n in range(annotations.MAX_ENTRIES)}
    store_annotations(alice.id, inbox.id, [1], many)
    with pytest.raises(TooManyEntries):
        store_annotations(alice.id, inbox.id, [1, 2], {COMMENT: b"x"})
    with pytest.raises(TooManyEntries):
        store_annotations(alice.id, inbox.id, [2], {**many, COMMENT: b"x"})
    assert read_annotations(alice.id, inbox.id, [2]) == {}
    store_annotations(alice.id, inbox.id, [1], {SHARED: b"x", Key("/vendor/x/0", False): b"y"})
    store_annotations(alice.id, inbox.id, [1], {Key("/vendor/x/0", False): None, COMMENT: b"x"})
    monkeypatch.setattr(annotations, "MAX_TOTAL", 100)
    with pytest.raises(LimitReached):
        store_annotations(alice.id, inbox.id, [2], {COMMENT: b"x"})
    with pytest.raises(LimitReached):
        append_messages(alice.id, inbox.id, [NewMessage(b"Subject: x\r\n\r\n", annotations={COMMENT: b"x"})])
    store_annotations(alice.id, inbox.id, [1], {COMMENT: None})


def test_removed_ones_are_not_remembered_without_end(alice, inbox, fill, monkeypatch):
    fill(inbox, 1)
    monkeypatch.setattr(annotations, "MAX_REMOVED", 3)
    for n in range(10):
        store_annotations(alice.id, inbox.id, [1], {Key(f"/vendor/x/{n}", False): b"x"})
        store_annotations(alice.id, inbox.id, [1], {Key(f"/vendor/x/{n}", False): None})
    assert Annotation.objects.filter(value=None).count() <= annotations.MAX_REMOVED + 1


def test_removing_what_was_never_there_leaves_no_rows(alice, inbox, fill, make_message):
    fill(inbox, 3)
    store_annotations(alice.id, inbox.id, [2], {COMMENT: b"p", SHARED: b"s"})
    before = Annotation.objects.get(shared=False).modseq
    store_annotations(alice.id, inbox.id, [1, 2, 3], {COMMENT: None, Key("/altsubject", False): None})
    assert list(Annotation.objects.order_by("shared").values_list("uid", "value", "shared")) == [
        (2, None, False),
        (2, b"s", True),
    ]
    removed_at = Annotation.objects.get(shared=False).modseq
    assert removed_at > before
    store_annotations(alice.id, inbox.id, [2], {COMMENT: None})  # it is gone already: nobody is told again
    assert Annotation.objects.get(shared=False).modseq == removed_at
    append_messages(alice.id, inbox.id, [NewMessage(make_message("x"), annotations={COMMENT: None})])
    assert Annotation.objects.count() == 2


def test_one_command_touches_so_many_values_only(alice, inbox, fill, monkeypatch):
    fill(inbox, 3)
    store_annotations(alice.id, inbox.id, [1], {COMMENT: b"x"})
    monkeypatch.setattr(annotations, "MAX_CHANGES", 5)
    with pytest.raises(LimitReached):
        store_annotations(alice.id, inbox.id, [1, 2, 3], {COMMENT: None, SHARED: None})
    assert read_annotations(alice.id, inbox.id, [1]) == {1: {COMMENT: b"x"}}
    store_annotations(alice.id, inbox.id, [1, 2], {COMMENT: None, SHARED: None})
    assert read_annotations(alice.id, inbox.id, [1]) == {}


def test_copies_take_room_and_are_all_made_or_none(alice, inbox, sent, fill, reload, monkeypatch):
    fill(inbox, 3)
    store_annotations(alice.id, inbox.id, [1, 3], {COMMENT: b"p", SHARED: b"s"})
    monkeypatch.setattr(annotations, "MAX_TOTAL", 7 * (annotations.ROW_SIZE + 1))
    with pytest.raises(LimitReached):
        copy_messages(alice.id, inbox.id, [1, 2, 3], sent.id)
    assert reload(sent) == sent and Annotation.objects.count() == 4
    copied = copy_messages(alice.id, inbox.id, [2, 3], sent.id).target_uids
    assert read_annotations(alice.id, sent.id, copied) == {copied[1]: {COMMENT: b"p", SHARED: b"s"}}
    copy_messages(alice.id, inbox.id, [2], sent.id)  # it has none: no room is asked for
    move_messages(alice.id, inbox.id, [1, 3], sent.id)


def test_messages_that_are_appended_together_take_room_together(alice, inbox, make_message, monkeypatch):
    monkeypatch.setattr(annotations, "MAX_TOTAL", 3 * (annotations.ROW_SIZE + 1))
    each = NewMessage(make_message("x"), annotations={COMMENT: b"p", SHARED: b"s"})
    with pytest.raises(LimitReached):
        append_messages(alice.id, inbox.id, [each, each])
    assert not Entry.objects.exists()
    append_messages(alice.id, inbox.id, [each, NewMessage(make_message("y"), annotations={COMMENT: b"p"})])


def test_they_go_where_their_message_goes(alice, inbox, sent, fill):
    fill(inbox, 3)
    store_annotations(alice.id, inbox.id, [1, 2], {COMMENT: b"p", SHARED: b"s"})
    copied = copy_messages(alice.id, inbox.id, [1, 3], sent.id).target_uids
    assert read_annotations(alice.id, sent.id, copied) == {copied[0]: {COMMENT: b"p", SHARED: b"s"}}
    moved = move_messages(alice.id, inbox.id, [2], sent.id).target_uids
    assert read_annotations(alice.id, sent.id, moved) == {moved[0]: {COMMENT: b"p", SHARED: b"s"}}
    again = move_messages(alice.id, sent.id, moved, sent.id).target_uids
    assert read_annotations(alice.id, sent.id, again) == {again[0]: {COMMENT: b"p", SHARED: b"s"}}
    delete_messages(alice.id, inbox.id, [1])
    assert not Annotation.objects.filter(mailbox_id=inbox.id).exists()
    mailboxes.delete_mailbox(alice.id, "Sent")
    assert not Annotation.objects.exists()


def test_an_heir_has_them(alice, bob, inbox, fill):
    fill(inbox, 1)
    store_annotations(alice.id, inbox.id, [1], {COMMENT: b"p", SHARED: b"s"})
    accounts.delete_account(alice.id, mail_to=bob.id)
    assert read_annotations(bob.id, inbox.id, [1]) == {1: {COMMENT: b"p", SHARED: b"s"}}
    accounts.delete_account(bob.id)
    assert not Annotation.objects.exists()
