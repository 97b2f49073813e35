"""Many messages are stored, moved and deleted in several transactions, so that a delivery never waits for all."""

import pytest

from mailstore import acl, copying, expunging, flagging, mailboxes, messages, rights, writer
from mailstore.append import NewMessage, append_messages
from mailstore.errors import NoPermission, NoSuchMailbox
from mailstore.flags import DELETED, FLAGGED, SEEN
from mailstore.reading import fetch_rows

MESSAGE = NewMessage(b"Subject: neu\r\n\r\nx\r\n")


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(flagging, "BATCH", 2)
    monkeypatch.setattr(copying, "MOVE_BATCH", 2)
    monkeypatch.setattr(expunging, "BATCH", 2)


@pytest.fixture
def between(monkeypatch):
    """between(act): act runs once, behind the first transaction."""

    def arm(act):
        real, armed = writer.write, [act]

        def write(job):
            result = real(job)
            if armed:
                armed.pop()()
            return result

        monkeypatch.setattr(writer, "write", write)

    return arm


def uids_of(mailbox):
    return [row[0] for rows in fetch_rows(mailbox.id, range(1, 100), ("uid",)) for row in rows]


def test_expunge_lets_a_delivery_pass(alice, inbox, fill, small, between, reload):
    fill(inbox, 5, flags=DELETED)
    before = reload(inbox).highest_modseq
    between(lambda: append_messages(alice.id, inbox.id, [MESSAGE]))
    assert messages.expunge(alice.id, inbox.id) == [1, 2, 3, 4, 5]
    assert uids_of(inbox) == [6]
    assert messages.changes_since(inbox.id, before).vanished == [1, 2, 3, 4, 5]
    assert reload(inbox).highest_modseq == before + 4, "three pieces and the delivery"
    assert (reload(inbox).messages, reload(inbox).deleted) == (1, 0)


def test_what_is_marked_meanwhile_stays_for_the_next_expunge(alice, inbox, fill, small, between):
    fill(inbox, 3, flags=DELETED)
    fill(inbox, 1)
    between(lambda: messages.store_flags(alice.id, inbox.id, [3], "remove", DELETED))
    assert messages.expunge(alice.id, inbox.id) == [1, 2], "3 was unmarked before its turn came"
    assert uids_of(inbox) == [3, 4]


def test_uid_expunge_takes_only_those_named(alice, inbox, fill, small):
    fill(inbox, 5, flags=DELETED)
    assert messages.expunge(alice.id, inbox.id, [9, 4, 2, 1]) == [1, 2, 4]
    assert messages.delete_messages(alice.id, inbox.id, [5, 3, 1]) == [3, 5]


def test_store_in_pieces(alice, inbox, fill, small, between, reload):
    fill(inbox, 5)
    between(lambda: messages.store_flags(alice.id, inbox.id, [4], "add", FLAGGED))
    modseq = reload(inbox).highest_modseq
    result = messages.store_flags(alice.id, inbox.id, [1, 2, 3, 4, 5], "add", SEEN, unchanged_since=modseq)
    assert [state.uid for state in result.changed] == [1, 2, 3, 5]
    assert result.modified == [4], "changed before its turn came"
    assert result.own_modseqs == (modseq + 1, modseq + 3, modseq + 4)
    assert reload(inbox).unseen == 1


def test_move_in_pieces(alice, inbox, sent, fill, small, between):
    fill(inbox, 3)
    fill(sent, 1)
    messages.delete_messages(alice.id, inbox.id, [2])
    fill(inbox, 2)
    between(lambda: append_messages(alice.id, sent.id, [MESSAGE]))
    result = messages.move_messages(alice.id, inbox.id, [1, 3, 4, 5], sent.id)
    assert (result.source_uids, result.target_uids) == ((1, 3, 4, 5), (2, 3, 5, 6))
    assert uids_of(inbox) == [] and uids_of(sent) == [1, 2, 3, 4, 5, 6]


def test_what_was_moved_before_an_error_is_known(alice, inbox, sent, fill, small, between):
    fill(inbox, 4)
    between(lambda: mailboxes.delete_mailbox(alice.id, "Sent"))
    moved = []
    with pytest.raises(NoSuchMailbox):
        moved.extend(messages.move_in_pieces(alice.id, inbox.id, [1, 2, 3, 4], sent.id))
    assert [result.source_uids for result in moved] == [(1, 2)]
    assert uids_of(inbox) == [3, 4]


def test_copy_is_one_transaction(alice, inbox, sent, fill, small, between, reload):
    fill(inbox, 5)
    before = reload(sent).highest_modseq
    messages.copy_messages(alice.id, inbox.id, [1, 2, 4, 5], sent.id)
    assert reload(sent).highest_modseq == before + 1


def test_a_large_mailbox_is_emptied_before_it_goes(alice, fill, small):
    box = mailboxes.create_mailbox(alice.id, "Viel")
    fill(box, 5)
    mailboxes.delete_mailbox(alice.id, "Viel")
    assert uids_of(box) == []
    assert "Viel" not in [each.name for each in mailboxes.list_mailboxes(alice.id)]


@pytest.mark.parametrize("anew", [False, True])
def test_a_mailbox_that_is_renamed_meanwhile_keeps_its_mail(alice, fill, small, between, anew):
    box = mailboxes.create_mailbox(alice.id, "Viel")
    fill(box, 5)

    def rename():
        mailboxes.rename_mailbox(alice.id, "Viel", "Autre")
        if anew:
            fill(mailboxes.create_mailbox(alice.id, "Viel"), 1)

    between(rename)
    with pytest.raises(NoSuchMailbox):
        mailboxes.delete_mailbox(alice.id, "Viel")
    assert uids_of(mailboxes.get_mailbox(alice.id, "Autre")) == [3, 4, 5]
    if anew:
        assert uids_of(mailboxes.get_mailbox(alice.id, "Viel")) == [1]


def test_a_reader_who_loses_the_right_meanwhile_deletes_no_more(alice, bob, fill, small, between):
    box = mailboxes.create_mailbox(alice.id, "Viel")
    fill(box, 5)
    acl.set_rights(alice.id, box.id, acl.find_identifier("bob"), "replace", rights.parse("lrx"))
    between(lambda: acl.set_rights(alice.id, box.id, acl.find_identifier("bob"), "remove", rights.DELETE_MAILBOX))
    with pytest.raises(NoPermission):
        mailboxes.delete_mailbox(bob.id, f"Other Users/{alice.address}/Viel")
    assert uids_of(mailboxes.get_mailbox(alice.id, "Viel")) == [3, 4, 5]
