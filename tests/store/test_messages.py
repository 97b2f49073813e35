import pytest

from directory import accounts
from mailstore import flags, mailboxes, messages, quota, reading
from mailstore.errors import LimitReached, NoSuchMailbox, OverQuota
from mailstore.models import Content, Message


def states(result):
    return [(state.uid, state.flags, sorted(state.keywords)) for state in result.changed]


def test_snapshot_and_recent(alice, inbox, fill):
    fill(inbox, 2)
    first = messages.snapshot(alice.id, inbox.id, take_recent=False)
    assert (list(first.uids), first.recent_from, first.first_unseen_uid) == ([1, 2], 1, 1)
    assert messages.snapshot(alice.id, inbox.id, take_recent=True).recent_from == 1
    fill(inbox, 1, flags=flags.SEEN)
    messages.store_flags(alice.id, inbox.id, [1, 2], "add", flags.SEEN)
    later = messages.snapshot(alice.id, inbox.id, take_recent=True)
    assert (list(later.uids), later.recent_from, later.first_unseen_uid) == ([1, 2, 3], 3, None)
    assert messages.snapshot(alice.id, inbox.id, take_recent=True).recent_from == 4
    assert messages.claim_recent(inbox.id) == 4


def test_recent_is_claimed_once_for_all_who_idle(alice, inbox, fill):
    fill(inbox, 2)
    messages.claim_recent_soon(inbox.id, 3)
    assert messages.snapshot(alice.id, inbox.id, take_recent=True).recent_from == 3
    fill(inbox, 1)
    messages.claim_recent_soon(inbox.id, 3)  # of before: nothing to do
    assert messages.snapshot(alice.id, inbox.id, take_recent=False).recent_from == 3
    messages.claim_recent_soon(inbox.id + 1000, 3)  # deleted meanwhile


def test_snapshot_of_a_foreign_mailbox(bob, inbox):
    with pytest.raises(NoSuchMailbox):
        messages.snapshot(bob.id, inbox.id, take_recent=False)


def test_store_flags_modes(alice, inbox, fill, reload):
    fill(inbox, 3)
    before = reload(inbox).highest_modseq
    added = messages.store_flags(alice.id, inbox.id, [1, 3, 99], "add", flags.SEEN, frozenset({"a"}))
    assert states(added) == [(1, flags.SEEN, ["a"]), (3, flags.SEEN, ["a"])]
    assert added.modseq == before + 1 and {state.modseq for state in added.changed} == {before + 1}
    assert reload(inbox).unseen == 1
    replaced = messages.store_flags(alice.id, inbox.id, [1], "replace", flags.DELETED, frozenset({"b"}))
    assert states(replaced) == [(1, flags.DELETED, ["b"])]
    assert (reload(inbox).unseen, reload(inbox).deleted) == (2, 1)
    removed = messages.store_flags(
        alice.id, inbox.id, [1, 2, 3], "remove", flags.SEEN | flags.DELETED, frozenset({"A"})
    )
    assert states(removed) == [(1, 0, ["b"]), (2, 0, []), (3, 0, [])]
    assert reload(inbox).keywords == ("a", "b")


def test_store_that_changes_nothing_keeps_the_modseq(alice, inbox, fill, reload):
    fill(inbox, 1, flags=flags.SEEN)
    before = reload(inbox)
    result = messages.store_flags(alice.id, inbox.id, [1], "add", flags.SEEN)
    assert states(result) == [(1, flags.SEEN, [])] and result.modseq == before.highest_modseq
    assert reload(inbox) == before


def test_unchanged_since(alice, inbox, fill):
    fill(inbox, 2)
    base = messages.changes_since(inbox.id, 0).modseq
    messages.store_flags(alice.id, inbox.id, [2], "add", flags.FLAGGED)
    result = messages.store_flags(alice.id, inbox.id, [1, 2], "add", flags.SEEN, unchanged_since=base)
    assert result.modified == [2] and states(result) == [(1, flags.SEEN, [])]


def test_mailbox_keyword_limit(alice, inbox, fill):
    fill(inbox, 5)
    words = [f"k{index}" for index in range(flags.MAX_KEYWORDS_PER_MAILBOX)]
    for uid, start in enumerate(range(0, len(words), 64), 1):
        messages.store_flags(alice.id, inbox.id, [uid], "add", 0, frozenset(words[start : start + 64]))
    with pytest.raises(LimitReached):
        messages.store_flags(alice.id, inbox.id, [5], "add", 0, frozenset({"one-more"}))


def test_copy_shares_the_message(alice, inbox, sent, fill, reload):
    fill(inbox, 3, flags=flags.FLAGGED, keywords=frozenset({"k"}), internal_date=77)
    result = messages.copy_messages(alice.id, inbox.id, [1, 3, 50], sent.id)
    assert result == messages.CopyResult(sent.uid_validity, (1, 3), (1, 2))
    assert list(reading.fetch_rows(sent.id, [1, 2], ["flags", "keywords", "internal_date"])) == [[(4, "k", 77)] * 2]
    assert Message.objects.count() == 3 and reload(sent).keywords == ("k",)
    assert quota.usage(alice.id).messages == 5
    assert messages.copy_messages(alice.id, inbox.id, [9], sent.id).target_uids == ()


def test_copy_into_the_same_mailbox(alice, inbox, fill):
    fill(inbox, 1)
    assert messages.copy_messages(alice.id, inbox.id, [1], inbox.id).target_uids == (2,)


def test_copy_over_quota_copies_nothing(alice, inbox, sent, fill, reload):
    fill(inbox, 2)
    accounts.update_account(alice.id, quota_messages=3)
    with pytest.raises(OverQuota):
        messages.copy_messages(alice.id, inbox.id, [1, 2], sent.id)
    assert reload(sent).messages == 0
    messages.copy_messages(alice.id, inbox.id, [1], sent.id)


def test_move_keeps_rows_and_never_fails_for_quota(alice, inbox, sent, fill, reload):
    fill(inbox, 3)
    accounts.update_account(alice.id, quota_messages=1, quota_bytes=1)
    before = reload(inbox).highest_modseq
    result = messages.move_messages(alice.id, inbox.id, [1, 3], sent.id)
    assert (result.source_uids, result.target_uids) == ((1, 3), (1, 2))
    assert (reload(inbox).messages, reload(sent).messages, Message.objects.count()) == (1, 2, 3)
    assert messages.changes_since(inbox.id, before).vanished == [1, 3]
    assert [state.uid for state in messages.changes_since(sent.id, 1).changed] == [1, 2]


def test_move_within_a_mailbox_gives_new_uids(alice, inbox, fill):
    fill(inbox, 2)
    assert messages.move_messages(alice.id, inbox.id, [1], inbox.id).target_uids == (3,)
    assert list(messages.snapshot(alice.id, inbox.id, take_recent=False).uids) == [2, 3]


def test_expunge_takes_marked_messages_only(alice, inbox, fill, reload):
    fill(inbox, 4)
    assert messages.expunge(alice.id, inbox.id) == []
    messages.store_flags(alice.id, inbox.id, [1, 2, 4], "add", flags.DELETED)
    before = reload(inbox).highest_modseq
    assert messages.expunge(alice.id, inbox.id, [2, 3]) == [2]
    assert messages.expunge(alice.id, inbox.id) == [1, 4]
    changes = messages.changes_since(inbox.id, before)
    assert (changes.vanished, changes.changed, changes.uid_next) == ([1, 2, 4], [], 5)
    assert Content.objects.count() == 1 and quota.usage(alice.id).messages == 1


def test_delete_whatever_the_flags_but_keep_copies(alice, inbox, sent, fill):
    fill(inbox, 2)
    messages.copy_messages(alice.id, inbox.id, [1], sent.id)
    assert messages.delete_messages(alice.id, inbox.id, [1, 2, 7]) == [1, 2]
    assert Message.objects.count() == Content.objects.count() == 1
    assert messages.delete_messages(alice.id, sent.id, [1]) == [1]
    assert not Content.objects.exists()


def test_uids_are_never_used_again(alice, inbox, fill):
    fill(inbox, 3)
    messages.delete_messages(alice.id, inbox.id, [1, 2, 3])
    assert fill(mailboxes.get_mailbox(alice.id, "inbox"), 1) == (4,)


def test_changes_since_tells_new_changed_and_vanished(alice, inbox, fill, reload):
    fill(inbox, 3)
    start = reload(inbox).highest_modseq
    messages.store_flags(alice.id, inbox.id, [2], "add", flags.SEEN, frozenset({"k"}))
    messages.delete_messages(alice.id, inbox.id, [1])
    fill(reload(inbox), 1)
    changes = messages.changes_since(inbox.id, start)
    assert [(c.uid, c.flags, c.keywords) for c in changes.changed] == [(2, 1, {"k"}), (4, 0, set())]
    assert (changes.vanished, changes.modseq, changes.uid_next) == ([1], reload(inbox).highest_modseq, 5)
    again = messages.changes_since(inbox.id, changes.modseq)
    assert again == messages.Changes(changes.modseq, 5, [], [])


def test_changes_of_a_deleted_mailbox(alice):
    gone = mailboxes.create_mailbox(alice.id, "gone")
    mailboxes.delete_mailbox(alice.id, "gone")
    with pytest.raises(NoSuchMailbox):
        messages.changes_since(gone.id, 0)
