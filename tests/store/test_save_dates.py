"""When a message came into its mailbox (RFC 8514): kept by entry, new with COPY and MOVE."""

import time
from datetime import UTC, date, datetime

import pytest

from mailstore import messages, reading
from mailstore.append import NewMessage, Target, append_messages, deliver
from mailstore.models import Entry
from mailstore.search import And, Not, Or, SavedBefore, SavedOn, SavedSince, Text, search

OLD = int(datetime(2015, 1, 1, 18, 50, 53, tzinfo=UTC).timestamp())
DAY = date(2015, 1, 1)


def saved(mailbox):
    uids = messages.snapshot(mailbox.account_id, mailbox.id, take_recent=False).uids
    return [row[1] for rows in reading.fetch_rows(mailbox.id, uids, ("uid", "saved_at")) for row in rows]


def test_now_whatever_the_internal_date_is(alice, inbox):
    before = int(time.time())
    append_messages(alice.id, inbox.id, [NewMessage(b"Subject: x\r\n\r\n", internal_date=OLD)])
    deliver([Target(alice.id)], NewMessage(b"Subject: y\r\n\r\n", internal_date=OLD)).result()
    assert all(before <= moment <= time.time() for moment in saved(inbox))
    assert len(saved(inbox)) == 2


def test_copy_and_move_give_a_new_one(alice, inbox, sent, fill):
    fill(inbox, 2)
    Entry.objects.update(saved_at=OLD)
    before = int(time.time())
    messages.copy_messages(alice.id, inbox.id, [1], sent.id)
    messages.move_messages(alice.id, inbox.id, [2], sent.id)
    assert saved(inbox) == [OLD]
    assert len(saved(sent)) == 2 and min(saved(sent)) >= before


@pytest.mark.parametrize("moment", [OLD, None])
def test_searches_by_columns_and_among_others(alice, inbox, fill, moment):
    fill(inbox, 1, internal_date=OLD)
    Entry.objects.update(saved_at=moment)
    fill(inbox, 1, internal_date=OLD)
    for query, found in ((SavedOn(DAY), [1]), (SavedBefore(DAY), []), (SavedSince(date(2015, 1, 2)), [2])):
        assert search(alice.id, inbox.id, query) == found
        assert search(alice.id, inbox.id, Not(query)) == [uid for uid in (1, 2) if uid not in found]
        assert search(alice.id, inbox.id, Or(query, And((query, Text("x"))))) == found
