"""Annotations in a mailbox of another: whose state is told, and whose room they take."""

import pytest

from mailstore import acl, flags, rights
from mailstore.annotating import store_annotations
from mailstore.annotations import Key
from mailstore.flagging import store_flags

COMMENT = Key("/comment", False)


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
