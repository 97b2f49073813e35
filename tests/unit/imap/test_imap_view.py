"""The view: numbers change only when the client is told."""

from array import array

import pytest

from mailstore.mailboxes import MailboxInfo
from mailstore.messages import Changes, FlagState, Snapshot, StoreResult
from protocols.imap.view import REBUILD_FROM, View
from protocols.imap.wire.sequences import parse_sequence_set

NONE = frozenset()


def view_of(uids, *, recent_from=1000, modseq=10):
    info = MailboxInfo(
        id=1, account_id=1, name="INBOX", special_use="", selectable=True, subscribed=True, has_children=False,
        uid_validity=7, uid_next=max(uids, default=0) + 1, highest_modseq=modseq, recent_uid=recent_from,
        messages=len(uids), unseen=0, deleted=0, size=0,
    )  # fmt: skip
    return View(Snapshot(info, array("Q", uids), None, recent_from), read_only=False)


def changes(modseq, changed=(), vanished=(), uid_next=1):
    return Changes(modseq, uid_next, list(changed), list(vanished))


def take(view, news, *, expunges=True, modseqs=False, with_uid=False):
    return list(view.take(news, expunges=expunges, modseqs=modseqs, with_uid=with_uid))


def indexes(view, text, *, uid=False):
    found = view.indexes(parse_sequence_set(text), uid=uid)
    return None if found is None else [index for stretch in found for index in stretch]


@pytest.mark.parametrize(
    ("text", "uid", "expected"),
    [
        (b"1", False, [0]),
        (b"1:*", False, [0, 1, 2, 3]),
        (b"*:3", False, [2, 3]),
        (b"3,1,1:2", False, [0, 1, 2]),
        (b"5", False, None),
        (b"1:9", False, None),
        (b"20", True, [1]),
        (b"15:35", True, [1, 2]),
        (b"11:19", True, []),
        (b"*", True, [3]),
        (b"99:*", True, [3]),  # "*" is 40, so 40:99 (RFC 3501 section 6.4.8)
        (b"1:4294967295", True, [0, 1, 2, 3]),
        (b"10,40,30", True, [0, 2, 3]),
    ],
)
def test_sets(text, uid, expected):
    assert indexes(view_of([10, 20, 30, 40]), text, uid=uid) == expected


def test_an_empty_mailbox_has_no_star():
    assert indexes(view_of([]), b"*") is None
    assert indexes(view_of([]), b"1:*", uid=True) == []


def test_numbers_of_consecutive_and_scattered_uids():
    view = view_of([10, 20, 30, 40])
    assert list(view.numbered([20, 30])) == [2, 3]
    assert list(view.numbered([10, 40])) == [1, 4]
    assert list(view.numbered([10, 25, 40])) == [1, 0, 4]
    assert list(view.numbered([])) == []


def test_expunges_wait_until_they_may_be_sent():
    view = view_of([10, 20, 30])
    assert take(view, changes(11, vanished=[10]), expunges=False) == []
    assert len(view) == 3
    assert indexes(view, b"2") == [1]
    assert view.uids[1] == 20
    assert take(view, changes(11), expunges=True) == [b"* 1 EXPUNGE\r\n"]
    assert list(view.uids) == [20, 30]


@pytest.mark.parametrize("count", [3, REBUILD_FROM + 5])
def test_each_expunge_counts_with_the_earlier_ones_gone(count):
    uids = list(range(1, 3 * count + 1))
    view = view_of(uids)
    lines = take(view, changes(11, vanished=uids[::3]))
    client = list(uids)
    for line in lines:
        del client[int(line.split()[1]) - 1]
    assert client == list(view.uids) == [uid for uid in uids if uid not in uids[::3]]


def test_an_expunge_of_an_unknown_uid_is_not_told():
    assert take(view_of([10]), changes(11, vanished=[5, 99])) == []


def test_new_messages_come_after_the_expunges():
    view = view_of([10, 20], recent_from=15)
    news = changes(12, [FlagState(21, 0, NONE, 11), FlagState(22, 1, NONE, 12)], [10], uid_next=23)
    assert take(view, news) == [b"* 1 EXPUNGE\r\n", b"* 3 EXISTS\r\n", b"* 3 RECENT\r\n"]
    assert list(view.uids) == [20, 21, 22]


def test_a_message_that_came_and_went_is_never_told():
    view = view_of([10])
    assert take(view, changes(13, vanished=[11], uid_next=12)) == []
    assert view.uid_next == 12


def test_another_sessions_flags_are_told_and_ones_own_are_not():
    view = view_of([10, 20])
    own = FlagState(10, 1, NONE, 12)
    view.answered(StoreResult([own], [], 12, (12,)))  # 11 was somebody else's
    other = FlagState(20, 4, frozenset({"b", "a"}), 11)
    assert take(view, changes(12, [own, other])) == [
        b"* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft a b)\r\n",
        b"* 2 FETCH (FLAGS (\\Flagged a b))\r\n",
    ]
    assert view.modseq == 12


def test_a_store_that_changed_nothing_hides_nobodys_change():
    view = view_of([10])
    state = FlagState(10, 1, NONE, 11)
    view.answered(StoreResult([state], [], 11, ()))
    assert take(view, changes(11, [state])) == [b"* 1 FETCH (FLAGS (\\Seen))\r\n"]


def test_a_later_change_by_another_shows_although_ones_own_came_first():
    view = view_of([10])
    view.answered(StoreResult([FlagState(10, 1, NONE, 11)], [], 11, (11,)))
    assert take(view, changes(12, [FlagState(10, 0, NONE, 12)])) == [b"* 1 FETCH (FLAGS ())\r\n"]


def test_uid_and_modseq_where_asked_for():
    line = take(view_of([10]), changes(11, [FlagState(10, 8, NONE, 11)]), modseqs=True, with_uid=True)
    assert line == [b"* 1 FETCH (UID 10 FLAGS (\\Deleted) MODSEQ (11))\r\n"]


def test_uid_ranges_hold_nothing_else():
    view = view_of([1, 2, 3, 7, 9])
    assert view.uid_ranges(view.indexes(parse_sequence_set(b"1:3,5"), uid=False)) == [(1, 3), (9, 9)]
    assert list(view.uids_in(view.indexes(parse_sequence_set(b"2:4"), uid=False))) == [2, 3, 7]
