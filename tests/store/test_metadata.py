"""Annotations of mailboxes and of the server: limits, and who sees what."""

import pytest

from mailstore import accounts, acl, entries, mailboxes, rights
from mailstore.errors import LimitReached, NoSuchMailbox, ReadOnlyEntry, TooManyEntries, ValueTooLarge
from mailstore.metadata import Value, get_metadata, list_metadata
from mailstore.metadata_feed import changes_since, newest
from mailstore.metadata_writing import set_metadata
from mailstore.models import Metadata

COMMENT = "/private/comment"
SHARED = "/shared/comment"


def value(text):
    return Value(text.encode())


def fill(account, mailbox_id, prefix, count):
    set_metadata(account.id, mailbox_id, {f"{prefix}/{n:03}": value("x") for n in range(count)})


def test_another_accounts_mailbox_is_not_there(alice, bob, inbox):
    with pytest.raises(NoSuchMailbox):
        get_metadata(bob.id, inbox.id, [SHARED])
    with pytest.raises(NoSuchMailbox):
        set_metadata(bob.id, inbox.id, {SHARED: value("x")})
    assert not Metadata.objects.exists()


def test_each_account_has_its_own_entries_of_the_server(alice, bob):
    set_metadata(alice.id, None, {COMMENT: value("alice"), SHARED: value("all")})
    assert get_metadata(alice.id, None, [COMMENT, SHARED]) == {COMMENT: value("alice"), SHARED: value("all")}
    assert get_metadata(bob.id, None, [COMMENT, SHARED]) == {COMMENT: None, SHARED: value("all")}
    set_metadata(bob.id, None, {COMMENT: value("bob")})
    assert get_metadata(alice.id, None, [COMMENT]) == {COMMENT: value("alice")}


def test_private_and_shared_are_counted_apart_and_a_removed_entry_makes_room(alice, inbox):
    fill(alice, inbox.id, "/private/x", entries.MAX_ENTRIES)
    with pytest.raises(TooManyEntries):
        set_metadata(alice.id, inbox.id, {SHARED: value("y"), COMMENT: value("y")})
    assert get_metadata(alice.id, inbox.id, [SHARED]) == {SHARED: None}
    set_metadata(alice.id, inbox.id, {SHARED: value("y"), "/private/x/000": value("z")})
    set_metadata(alice.id, inbox.id, {COMMENT: value("y"), "/private/x/001": None})
    assert len(get_metadata(alice.id, inbox.id, ["/private"], depth=None)) == entries.MAX_ENTRIES


def test_a_value_and_all_values_are_bounded(alice, inbox, monkeypatch):
    with pytest.raises(ValueTooLarge):
        set_metadata(alice.id, inbox.id, {SHARED: value("x" * (entries.MAX_VALUE + 1))})
    monkeypatch.setattr(entries, "MAX_TOTAL", 10)
    set_metadata(alice.id, inbox.id, {SHARED: value("x" * 6)})
    with pytest.raises(LimitReached):
        set_metadata(alice.id, None, {COMMENT: value("x" * 5)})
    set_metadata(alice.id, inbox.id, {SHARED: value("y" * 10)})


def test_removed_entries_are_not_remembered_without_end(alice, inbox, monkeypatch):
    monkeypatch.setattr(entries, "MAX_REMOVED", 3)
    for n in range(10):
        set_metadata(alice.id, inbox.id, {f"/private/x/{n}": value("x")})
        set_metadata(alice.id, inbox.id, {f"/private/x/{n}": None})
    assert Metadata.objects.filter(value=None).count() <= entries.MAX_REMOVED + 1
    assert get_metadata(alice.id, inbox.id, ["/private"], depth=None) == {}


def test_what_does_not_change_is_no_news(alice, inbox):
    set_metadata(alice.id, inbox.id, {COMMENT: value("x")})
    seen = newest(alice.id)
    assert set_metadata(alice.id, inbox.id, {COMMENT: value("x"), SHARED: None}).ids == frozenset()
    assert changes_since(alice.id, seen) == (seen, {})
    set_metadata(alice.id, inbox.id, {COMMENT: value("y")})
    later, news = changes_since(alice.id, seen)
    assert news == {"INBOX": [COMMENT]} and later.own > seen.own


def test_news_of_a_mailbox_that_went(alice):
    made = mailboxes.create_mailbox(alice.id, "x")
    seen = newest(alice.id)
    set_metadata(alice.id, made.id, {COMMENT: value("x")})
    mailboxes.delete_mailbox(alice.id, "x")
    assert changes_since(alice.id, seen)[1] == {}


def test_the_server_says_itself_whom_to_ask(alice):
    with pytest.raises(ReadOnlyEntry):
        set_metadata(alice.id, None, {entries.ADMIN: value("mailto:me@x.example")})
    assert get_metadata(alice.id, None, ["/shared"], depth=1) == {
        entries.ADMIN: value("mailto:postmaster@mondomaine.fr")
    }


def test_an_account_takes_its_entries_with_it_or_leaves_them_to_its_heir(alice, bob, inbox):
    set_metadata(alice.id, inbox.id, {COMMENT: value("a"), SHARED: value("b")})
    set_metadata(alice.id, None, {COMMENT: value("gone")})
    accounts.delete_account(alice.id, mail_to=bob.id)
    assert get_metadata(bob.id, inbox.id, [COMMENT, SHARED]) == {COMMENT: value("a"), SHARED: value("b")}
    assert Metadata.objects.count() == 2
    accounts.delete_account(bob.id)
    assert not Metadata.objects.exists()


def test_what_third_parties_noted_for_themselves_ends_with_the_sharing(alice, bob, marie, inbox):
    acl.set_rights(alice.id, inbox.id, acl.find_identifier(marie.address), "replace", rights.parse("lrw"))
    set_metadata(alice.id, inbox.id, {COMMENT: value("a"), SHARED: value("b")})
    set_metadata(marie.id, inbox.id, {COMMENT: value("m")})
    accounts.delete_account(alice.id, mail_to=bob.id)
    rows = Metadata.objects.order_by("entry").values_list("account_id", "entry")
    assert list(rows) == [(bob.id, COMMENT), (bob.id, SHARED)]


def test_renaming_inbox_copies_what_is_its_owners(alice, marie, inbox):
    acl.set_rights(alice.id, inbox.id, acl.find_identifier(marie.address), "replace", rights.parse("lrw"))
    set_metadata(alice.id, inbox.id, {COMMENT: value("a")})
    set_metadata(marie.id, inbox.id, {COMMENT: value("m"), SHARED: value("b")})
    renamed = mailboxes.rename_mailbox(alice.id, "INBOX", "Ancien")
    rows = Metadata.objects.filter(mailbox_id=renamed.id).order_by("entry").values_list("account_id", "entry")
    assert list(rows) == [(alice.id, COMMENT), (alice.id, SHARED)]
    assert get_metadata(marie.id, inbox.id, [COMMENT, SHARED]) == {COMMENT: value("m"), SHARED: value("b")}


def test_a_list_of_mailboxes_asks_once(alice, django_assert_num_queries):
    boxes = mailboxes.list_mailboxes(alice.id)
    set_metadata(alice.id, boxes[0].id, {COMMENT: value("x"), SHARED: value("y")})
    with django_assert_num_queries(1):
        found = list_metadata(alice.id, boxes, [COMMENT, entries.SPECIAL_USE])
    assert found[boxes[0].id] == {COMMENT: value("x")}
    uses = {box.name: found[box.id].get(entries.SPECIAL_USE, value("")).octets.decode() for box in boxes}
    assert uses == {box.name: box.special_use for box in boxes}
