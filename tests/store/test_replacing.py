"""REPLACE: one message for another, in one transaction."""

import pytest

from directory.accounts import update_account
from mailstore import flags, mailboxes, messages, quota, reading
from mailstore.append import NewMessage, append_messages
from mailstore.errors import LimitReached, NoSuchMailbox, NoSuchMessage, OverQuota
from mailstore.models import Content, Message

NEW = NewMessage(b"Subject: new\r\n\r\n", flags.SEEN, frozenset({"Mot"}), 1_000_000_000)


def uids(mailbox):
    return list(messages.snapshot(mailbox.account_id, mailbox.id, take_recent=False).uids)


def test_in_the_same_mailbox(alice, inbox, fill, reload):
    fill(inbox, 3, flags=flags.DELETED)
    before = reload(inbox).highest_modseq
    result = messages.replace_message(alice.id, inbox.id, 2, inbox.id, NEW)
    assert (result.uid_validity, result.uids) == (inbox.uid_validity, (4,))
    assert uids(inbox) == [1, 3, 4]
    changes = messages.changes_since(inbox.id, before)
    assert changes.vanished == [2]
    assert [(state.uid, state.flags, state.keywords) for state in changes.changed] == [(4, flags.SEEN, {"Mot"})]
    assert (reload(inbox).messages, reload(inbox).unseen, reload(inbox).deleted) == (3, 2, 2)
    assert Message.objects.count() == Content.objects.count() == 3


def test_into_another_mailbox(alice, inbox, sent, fill, reload):
    fill(inbox, 1)
    assert messages.replace_message(alice.id, inbox.id, 1, sent.id, NEW).uids == (1,)
    assert (uids(inbox), uids(sent)) == ([], [1])
    ((row,),) = reading.fetch_rows(sent.id, [1], ("uid", "flags", "internal_date"))
    assert row == (1, flags.SEEN, 1_000_000_000)
    assert quota.usage(alice.id).size == len(NEW.data)


def test_by_the_same_octets(alice, inbox):
    append_messages(alice.id, inbox.id, [NEW])
    messages.replace_message(alice.id, inbox.id, 1, inbox.id, NEW)
    ((row,),) = reading.fetch_rows(inbox.id, [2], ("uid", "content_id"))
    assert reading.read_content(row[1]) == NEW.data


def test_a_refusal_changes_nothing(alice, bob, inbox, fill, reload):
    fill(inbox, 1)
    before = reload(inbox)
    large = NewMessage(b"x" * (before.size + 1))
    update_account(alice.id, quota_bytes=before.size)
    foreign = mailboxes.get_mailbox(bob.id, "INBOX").id
    many = NewMessage(b"x", keywords=frozenset(f"k{number}" for number in range(flags.MAX_KEYWORDS_PER_MESSAGE + 1)))
    for uid, target, message, error in (
        (1, inbox.id, large, OverQuota),
        (2, inbox.id, NEW, NoSuchMessage),
        (1, foreign, NEW, NoSuchMailbox),
        (1, inbox.id, many, LimitReached),
    ):
        with pytest.raises(error):
            messages.replace_message(alice.id, inbox.id, uid, target, message)
    assert reload(inbox) == before


def test_what_shrinks_is_never_over_quota(alice, inbox, fill):
    fill(inbox, 2)
    update_account(alice.id, quota_bytes=1, quota_messages=1)
    assert messages.replace_message(alice.id, inbox.id, 1, inbox.id, NewMessage(b"x")).uids == (3,)
