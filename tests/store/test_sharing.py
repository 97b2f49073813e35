"""Mailboxes that an access control list opens to others: what each may do there, and what it sees (RFC 4314)."""

import pytest

from directory import accounts, groups
from mailstore import acl, append, flags, listing, mailboxes, messages, quota, reading, rights, search
from mailstore.append import NewMessage
from mailstore.errors import (
    LimitReached,
    NoPermission,
    NoSuchIdentifier,
    NoSuchMailbox,
    NoSuchMessage,
    OverQuota,
)
from mailstore.models import Message, SeenMark

ALICES = "Other Users/alice@mondomaine.fr"


def share(owner, mailbox, who, letters, mode="replace"):
    acl.set_rights(owner.id, mailbox.id, acl.find_identifier(who), mode, rights.parse(letters))


@pytest.fixture
def team(alice, bob):
    """alice's mailbox, which bob may read and write."""
    made = mailboxes.create_mailbox(alice.id, "Équipe")
    share(alice, made, bob.address, "lrswite")
    return mailboxes.get_mailbox(bob.id, f"{ALICES}/Équipe")


def seen_by(reader, mailbox):
    rows = reading.fetch_rows(mailbox.id, range(1, 100), ("uid", "flags"), reader)
    return [uid for batch in rows for uid, mask in batch if mask & flags.SEEN]


# -- whose it is, and what it is called


def test_letters_and_obsolete_rights():
    assert rights.letters(rights.ALL) == "lrswipkxteacd"
    assert rights.letters(rights.parse("lrd")) == "lrted"
    assert rights.parse("c") == rights.CREATE | rights.DELETE_MAILBOX
    assert rights.letters(rights.parse("xk")) == "kxc"
    for wrong in ("L", "q", "l r", "0"):
        with pytest.raises(ValueError, match="no right"):
            rights.parse(wrong)


def test_a_mailbox_is_found_where_it_is_shared(alice, bob, marie, team):
    assert (team.account_id, team.reader, team.acting_id) == (alice.id, bob.id, bob.id)
    assert rights.letters(team.rights) == "lrswited"
    assert mailboxes.get_mailbox_by_id(bob.id, team.id) == team
    assert [box.name for box in mailboxes.list_mailboxes(bob.id) if box.reader] == [f"{ALICES}/Équipe"]
    for stranger in (
        lambda: mailboxes.get_mailbox(marie.id, team.name),
        lambda: mailboxes.get_mailbox_by_id(marie.id, team.id),
    ):
        with pytest.raises(NoSuchMailbox):
            stranger()
    assert not [box for box in mailboxes.list_mailboxes(marie.id) if box.reader]


def test_without_lookup_it_is_not_listed(alice, bob, team):
    share(alice, team, bob.address, "r")
    assert not [box for box in mailboxes.list_mailboxes(bob.id) if box.reader]
    assert messages.snapshot(bob.id, team.id, take_recent=True).info.rights == rights.READ
    with pytest.raises(NoSuchMailbox):  # as if it were not there
        append.append_messages(bob.id, team.id, [NewMessage(b"\r\n")])
    share(alice, team, bob.address, "lr")
    with pytest.raises(NoPermission):
        append.append_messages(bob.id, team.id, [NewMessage(b"\r\n")])


def test_groups_anyone_and_negative_rights(alice, bob, marie, inbox):
    group = groups.create_group("equipe@mondomaine.fr", members=[bob.address])
    share(alice, inbox, "group:equipe", "lrw")
    share(alice, inbox, "anyone", "li")
    assert rights.letters(mailboxes.get_mailbox_by_id(bob.id, inbox.id).rights) == "lrwi"
    assert rights.letters(mailboxes.get_mailbox_by_id(marie.id, inbox.id).rights) == "li"
    share(alice, inbox, "-bob@mondomaine.fr", "wi")
    assert rights.letters(mailboxes.get_mailbox_by_id(bob.id, inbox.id).rights) == "lr"
    groups.remove_member(group.id, bob.address)
    assert rights.letters(mailboxes.get_mailbox_by_id(bob.id, inbox.id).rights) == "l"
    groups.delete_group(group.id)
    assert [entry.identifier.written for entry in acl.list_acl(alice.id, inbox.id)] == [
        alice.address, "anyone", "-" + bob.address
    ]  # fmt: skip


def test_the_owner_keeps_every_right(alice, bob, inbox):
    share(alice, inbox, "-anyone", "lra")
    assert mailboxes.get_mailbox_by_id(alice.id, inbox.id).rights == rights.ALL
    for who, letters, mode in (("alice", "lr", "replace"), ("alice", "a", "remove"), ("-alice", "a", "add")):
        with pytest.raises(NoPermission):
            share(alice, inbox, who, letters, mode)
    share(alice, inbox, "alice", "lr", "add")
    with pytest.raises(NoPermission):
        acl.delete_rights(alice.id, inbox.id, acl.find_identifier("alice"))


def test_only_who_administers_sees_and_changes_the_list(alice, bob, marie, team):
    for verb in (
        lambda who: acl.list_acl(who.id, team.id),
        lambda who: share(who, team, "marie", "l"),
        lambda who: acl.delete_rights(who.id, team.id, acl.find_identifier("bob")),
        lambda who: acl.grantable(who.id, team.id, acl.find_identifier("bob")),
    ):
        with pytest.raises(NoPermission):
            verb(bob)
        with pytest.raises(NoSuchMailbox):
            verb(marie)
    share(alice, team, "bob", "a", "add")
    share(bob, team, "marie", "lr")
    assert [entry.identifier.text for entry in acl.list_acl(bob.id, team.id)] == [
        alice.address, bob.address, marie.address
    ]  # fmt: skip
    acl.delete_rights(bob.id, team.id, acl.find_identifier("marie"))
    with pytest.raises(NoSuchIdentifier):
        acl.delete_rights(bob.id, team.id, acl.find_identifier("marie"))


def test_identifiers(bob):
    assert acl.find_identifier("Bob@MONDOMAINE.fr").text == acl.find_identifier("bob").text == bob.address
    assert acl.find_identifier("-anyone").written == "-anyone"
    for nobody in ("nobody", "group:bob", "group:", "-", "", "@mondomaine.fr", "a@b@c"):
        with pytest.raises(NoSuchIdentifier):
            acl.find_identifier(nobody)


def test_no_more_identifiers_than_fit_a_line(alice, bob, marie, inbox, monkeypatch):
    monkeypatch.setattr(acl, "MAX_IDENTIFIERS", 1)
    share(alice, inbox, "bob", "l")
    share(alice, inbox, "bob", "lr")
    with pytest.raises(LimitReached):
        share(alice, inbox, "marie", "l")


# -- messages


def test_seen_is_each_readers_own(alice, bob, team, fill, reload):
    own = mailboxes.get_mailbox(alice.id, "Équipe")
    fill(own, 3)
    messages.store_flags(alice.id, own.id, [1], "add", flags.SEEN)
    assert (reload(own).unseen, mailboxes.get_mailbox_by_id(bob.id, own.id).unseen) == (2, 3)
    before = reload(own).highest_modseq
    result = messages.store_flags(bob.id, own.id, [2, 3], "add", flags.SEEN)
    assert [(state.uid, state.flags, state.modseq) for state in result.changed] == [
        (2, flags.SEEN, before + 1), (3, flags.SEEN, before + 1)
    ]  # fmt: skip
    assert (seen_by(0, own), seen_by(bob.id, own)) == ([1], [2, 3])
    assert (reload(own).unseen, mailboxes.get_mailbox_by_id(bob.id, own.id).unseen) == (2, 1)
    assert messages.changes_since(own.id, before).changed == []  # the owner hears nothing
    assert [state.uid for state in messages.changes_since(own.id, before, bob.id).changed] == [2, 3]
    unread = search.Not(search.HasFlag(flags.SEEN))
    assert (search.search(alice.id, own.id, unread), search.search(bob.id, own.id, unread)) == ([2, 3], [1])
    assert [row.uid for row in listing.list_page(own.id, only="unread", reader=bob.id)] == [1]
    assert messages.snapshot(bob.id, own.id, take_recent=True).first_unseen_uid == 1
    assert listing.get_message(bob.id, own.id, 2).row.flags == flags.SEEN
    messages.store_flags(bob.id, own.id, [2], "remove", flags.SEEN)
    assert (seen_by(bob.id, own), mailboxes.get_mailbox_by_id(bob.id, own.id).unseen) == ([3], 2)


def test_a_condition_on_the_modseq_counts_own_marks(alice, bob, team, fill):
    fill(mailboxes.get_mailbox(alice.id, "Équipe"), 1)
    at = messages.store_flags(bob.id, team.id, [1], "add", flags.SEEN).modseq
    late = messages.store_flags(bob.id, team.id, [1], "add", flags.FLAGGED, unchanged_since=at - 1)
    assert (late.modified, late.changed) == ([1], [])
    owners = messages.store_flags(alice.id, team.id, [1], "add", flags.FLAGGED, unchanged_since=at - 1)
    assert owners.modified == []


def test_other_flags_are_everybodys(alice, bob, team, fill, reload):
    own = mailboxes.get_mailbox(alice.id, "Équipe")
    fill(own, 2, flags=flags.SEEN)
    messages.store_flags(bob.id, own.id, [1], "replace", flags.FLAGGED | flags.DELETED | flags.SEEN, frozenset({"x"}))
    mine = next(reading.fetch_rows(own.id, [1, 2], ("flags", "keywords")))
    assert mine == [(flags.SEEN | flags.FLAGGED | flags.DELETED, "x"), (flags.SEEN, "")]
    assert (reload(own).deleted, reload(own).unseen) == (1, 0)
    messages.store_flags(bob.id, own.id, [1], "replace", 0)
    assert next(reading.fetch_rows(own.id, [1], ("flags", "keywords"))) == [(flags.SEEN, "")]
    assert seen_by(bob.id, own) == []


@pytest.mark.parametrize(
    ("letters", "kept", "word"),
    [("lrs", flags.SEEN, ""), ("lrt", flags.DELETED, ""), ("lrw", flags.ANSWERED | flags.FLAGGED | flags.DRAFT, "x")],
)
def test_each_flag_has_its_right(alice, bob, team, fill, letters, kept, word):
    fill(mailboxes.get_mailbox(alice.id, "Équipe"), 1)
    share(alice, team, "bob", letters)
    for mode in ("add", "replace"):
        result = messages.store_flags(bob.id, team.id, [1], mode, flags.ALL, frozenset({"x"}))
        assert [(state.flags, " ".join(state.keywords)) for state in result.changed] == [(kept, word)]
    for mask, words in ((flags.ALL & ~kept, frozenset()), (0, frozenset() if word else frozenset({"y"}))):
        if mask or words:
            with pytest.raises(NoPermission):
                messages.store_flags(bob.id, team.id, [1], "remove", mask, words)
    share(alice, team, "bob", "lr")
    with pytest.raises(NoPermission):
        messages.store_flags(bob.id, team.id, [1], "replace", 0)
    assert messages.store_flags(bob.id, team.id, [1], "add", 0).own_modseqs == ()


def test_appending_needs_insert_and_drops_other_flags(alice, bob, team, make_message):
    new = NewMessage(make_message(), flags.ALL, frozenset({"x"}))
    for letters, kept, words in (("lris", flags.SEEN, ""), ("lriw", flags.ALL & ~flags.SEEN & ~flags.DELETED, "x")):
        share(alice, team, "bob", letters)
        uid = append.append_messages(bob.id, team.id, [new]).uids[0]
        assert next(reading.fetch_rows(team.id, [uid], ("flags", "keywords"), bob.id)) == [(kept, words)]
    assert seen_by(0, team) == []  # alice has not read what bob has
    share(alice, team, "bob", "lrswte")
    with pytest.raises(NoPermission):
        append.append_messages(bob.id, team.id, [new])


def test_what_is_stored_counts_for_the_owner(alice, bob, team, make_message):
    before = quota.usage(bob.id)
    append.append_messages(bob.id, team.id, [NewMessage(make_message())])
    assert (quota.usage(bob.id), quota.usage(alice.id).messages) == (before, 1)
    accounts.update_account(alice.id, quota_messages=1)
    accounts.update_account(bob.id, quota_messages=100)
    with pytest.raises(OverQuota):
        append.append_messages(bob.id, team.id, [NewMessage(make_message())])


def test_copy_between_accounts(alice, bob, team, fill, make_message):
    own = mailboxes.get_mailbox(alice.id, "Équipe")
    bobs = mailboxes.get_mailbox(bob.id, "INBOX")
    fill(own, 2, flags=flags.SEEN | flags.FLAGGED, keywords=frozenset({"x"}))
    messages.store_flags(bob.id, own.id, [2], "add", flags.SEEN)
    result = messages.copy_messages(bob.id, own.id, [1, 2], bobs.id)
    rows = next(reading.fetch_rows(bobs.id, list(result.target_uids), ("flags", "keywords", "content_id")))
    assert [row[:2] for row in rows] == [(flags.FLAGGED, "x"), (flags.FLAGGED | flags.SEEN, "x")]
    assert Message.objects.filter(account_id=bob.id).count() == 2
    back = messages.copy_messages(bob.id, bobs.id, list(result.target_uids), own.id)
    assert back.target_uids == (3, 4)
    assert (seen_by(0, own), seen_by(bob.id, own)) == ([1, 2], [2, 4])
    share(alice, own, "bob", "lri")
    messages.copy_messages(bob.id, bobs.id, [result.target_uids[1]], own.id)
    assert next(reading.fetch_rows(own.id, [5], ("flags", "keywords"), bob.id)) == [(0, "")]
    share(alice, own, "bob", "lr")
    with pytest.raises(NoPermission):
        messages.copy_messages(bob.id, bobs.id, [result.target_uids[0]], own.id)


def test_conversations_stay_together_in_a_copy(alice, bob, team, make_message):
    first = make_message(Message_ID="<1@x>")
    answer = make_message("Re: Salut !", Message_ID="<2@x>", In_Reply_To="<1@x>", References="<1@x>")
    append.append_messages(alice.id, team.id, [NewMessage(first), NewMessage(answer)])
    bobs = mailboxes.get_mailbox(bob.id, "INBOX")
    messages.copy_messages(bob.id, team.id, [1, 2], bobs.id)
    assert len({row.thread_id for row in listing.list_page(bobs.id)}) == 1


def test_move_between_accounts(alice, bob, team, fill, reload):
    own = mailboxes.get_mailbox(alice.id, "Équipe")
    bobs = mailboxes.get_mailbox(bob.id, "INBOX")
    fill(own, 3)
    messages.store_flags(bob.id, own.id, [1, 2], "add", flags.SEEN)
    result = messages.move_messages(bob.id, own.id, [1, 3], bobs.id)
    assert (result.source_uids, reload(own).messages, reload(bobs).messages) == ((1, 3), 1, 2)
    assert next(reading.fetch_rows(bobs.id, [1, 2], ("flags",))) == [(flags.SEEN,), (0,)]
    assert messages.changes_since(own.id, 1).vanished == [1, 3]
    assert quota.usage(alice.id).messages == 1
    for letters in ("lri", "lrit", "lrie"):
        share(alice, own, "bob", letters)
        with pytest.raises(NoPermission):
            messages.move_messages(bob.id, own.id, [2], bobs.id)


def test_move_within_the_owners_mailboxes_keeps_what_each_has_read(alice, bob, marie, team, fill):
    own = mailboxes.get_mailbox(alice.id, "Équipe")
    done = mailboxes.create_mailbox(alice.id, "Fait")
    share(alice, own, "marie", "lrs")
    share(alice, done, "bob", "lri")
    fill(own, 2, flags=flags.SEEN | flags.DELETED)
    for reader in (bob, marie):
        messages.store_flags(reader.id, own.id, [1], "add", flags.SEEN)
    messages.move_messages(bob.id, own.id, [1], done.id)
    assert next(reading.fetch_rows(done.id, [1], ("flags",))) == [(flags.SEEN,)]  # bob may not say \Deleted there
    assert (seen_by(bob.id, done), seen_by(marie.id, done)) == ([], [1])
    messages.move_messages(alice.id, own.id, [2], done.id)
    assert next(reading.fetch_rows(done.id, [2], ("flags",))) == [(flags.SEEN | flags.DELETED,)]


def test_expunge_needs_its_right_and_takes_the_marks(alice, bob, team, fill):
    own = mailboxes.get_mailbox(alice.id, "Équipe")
    fill(own, 3, flags=flags.DELETED)
    messages.store_flags(bob.id, own.id, [1, 2], "add", flags.SEEN)
    assert messages.expunge(bob.id, own.id, [1]) == [1]
    assert mailboxes.get_mailbox_by_id(bob.id, own.id).unseen == 1
    share(alice, own, "bob", "lrsw")
    for verb in (lambda: messages.expunge(bob.id, own.id), lambda: messages.delete_messages(bob.id, own.id, [2])):
        with pytest.raises(NoPermission):
            verb()
    assert messages.delete_messages(alice.id, own.id, [2, 3]) == [2, 3]
    assert not SeenMark.objects.exists()


def test_nothing_is_recent_to_a_reader(alice, bob, team, fill):
    own = mailboxes.get_mailbox(alice.id, "Équipe")
    fill(own, 2)
    taken = messages.snapshot(bob.id, own.id, take_recent=True)
    assert taken.recent_from > 1 << 62
    assert messages.snapshot(alice.id, own.id, take_recent=True).recent_from == 1


def test_reading_needs_its_right(alice, bob, marie, team, fill):
    fill(mailboxes.get_mailbox(alice.id, "Équipe"), 1)
    share(alice, team, "bob", "lswite")
    for verb in (
        lambda: messages.snapshot(bob.id, team.id, take_recent=False),
        lambda: search.search(bob.id, team.id, search.All()),
        lambda: messages.copy_messages(bob.id, team.id, [1], mailboxes.get_mailbox(bob.id, "INBOX").id),
    ):
        with pytest.raises(NoPermission):
            verb()
    for reader in (bob, marie):
        with pytest.raises(NoSuchMessage):
            listing.get_message(reader.id, team.id, 1)
