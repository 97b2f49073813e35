"""Folders of a domain: the administrator makes them, the list says who sees them."""

import pytest

from directory import accounts, domains
from directory.domain_accounts import find_domain_account
from directory.errors import StillInUse
from mailstore import acl, append, mailboxes, public_folders, rights
from mailstore.append import NewMessage
from mailstore.errors import BadMailboxName, NoPermission, NoSuchMailbox
from tests.conftest import DOMAIN


def give(folder, who, letters):
    acl.set_rights(folder.account_id, folder.id, acl.find_identifier(who), "replace", rights.parse(letters))


def test_a_folder_for_all_of_the_domain(alice, bob, make_message):
    domains.create_domain("example.org")
    stranger = accounts.create_account("zoe@example.org")
    folder = public_folders.create_folder(DOMAIN, "Annonces")
    assert not [box for box in mailboxes.list_mailboxes(bob.id) if box.reader]
    give(folder, "anyone", "lrs")
    give(folder, "alice", "lrswite")
    assert [box.name for box in mailboxes.list_mailboxes(bob.id) if box.reader] == ["Public/Annonces"]
    assert mailboxes.get_mailbox(bob.id, "Public/Annonces").id == folder.id
    append.append_messages(alice.id, folder.id, [NewMessage(make_message())])
    with pytest.raises(NoPermission):
        append.append_messages(bob.id, folder.id, [NewMessage(make_message())])
    for way in (
        lambda: mailboxes.get_mailbox(stranger.id, "Public/Annonces"),
        lambda: mailboxes.get_mailbox_by_id(stranger.id, folder.id),
    ):
        with pytest.raises(NoSuchMailbox):
            way()
    assert [entry.identifier.text for entry in acl.list_acl(folder.account_id, folder.id)] == [alice.address, "anyone"]


def test_below_another_it_has_its_rights(bob):
    folder = public_folders.create_folder(DOMAIN, "Annonces")
    give(folder, "anyone", "lr")
    below = public_folders.create_folder(DOMAIN, "Annonces/2024")
    assert mailboxes.get_mailbox(bob.id, "Public/Annonces/2024").id == below.id
    assert public_folders.rename_folder(below, "Annonces/2025").name == "Annonces/2025"
    assert [found.name for found in public_folders.list_folders(DOMAIN)] == ["Annonces", "Annonces/2025"]


def test_the_account_of_the_domain_is_nobody(alice):
    folder = public_folders.create_folder(DOMAIN, "Annonces")
    assert find_domain_account(DOMAIN) == folder.account_id
    assert [account.address for account in accounts.list_accounts()] == [alice.address]
    assert accounts.count_accounts() == domains.get_domain(DOMAIN).accounts == 1
    assert accounts.find_account(f"@{DOMAIN}") is None
    with pytest.raises(accounts.NotFound):
        accounts.get_account(folder.account_id)


def test_it_goes_with_the_last_folder(db):
    domains.create_domain(DOMAIN)
    first, second = (public_folders.create_folder(DOMAIN, name) for name in ("A", "B"))
    with pytest.raises(StillInUse, match="public folders"):
        domains.delete_domain(DOMAIN)
    public_folders.delete_folder(first)
    public_folders.delete_folder(second)
    assert find_domain_account(DOMAIN) is None
    domains.delete_domain(DOMAIN)


def test_names_and_strangers(alice, inbox):
    with pytest.raises(BadMailboxName):
        public_folders.create_folder(DOMAIN, "inbox")
    with pytest.raises(NoSuchMailbox):
        public_folders.get_folder(DOMAIN, inbox.id)
    folder = public_folders.create_folder(DOMAIN, "A")
    with pytest.raises(BadMailboxName):
        public_folders.rename_folder(folder, "INBOX")
    with pytest.raises(NoSuchMailbox):
        public_folders.get_folder(DOMAIN, inbox.id)
    assert public_folders.get_folder(DOMAIN, folder.id) == folder
