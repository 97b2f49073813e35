"""Shared mailboxes: the hierarchy of another, the end of things, and what sharing costs."""

import pytest

from directory import accounts, domains
from mailstore import accounts as store_accounts
from mailstore import acl, flags, hierarchy, indexing, mailboxes, messages, reading, rights, search, sql, writer
from mailstore.errors import (
    BadMailboxName,
    MailboxExists,
    NoPermission,
    NoSuchMailbox,
)
from mailstore.models import AccessRights, Reader, SeenMark

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


def test_creating_below_a_shared_mailbox(alice, bob, team):
    with pytest.raises(NoPermission):
        mailboxes.create_mailbox(bob.id, f"{ALICES}/Équipe/Plans")
    share(alice, team, "bob", "k", "add")
    made = mailboxes.create_mailbox(bob.id, f"{ALICES}/Équipe/Plans/2024")
    assert (made.name, made.account_id) == (f"{ALICES}/Équipe/Plans/2024", alice.id)
    assert made.rights == mailboxes.get_mailbox_by_id(bob.id, team.id).rights  # the list of its parent
    with pytest.raises(MailboxExists):
        mailboxes.create_mailbox(bob.id, f"{ALICES}/Équipe/Plans")
    for name in (f"{ALICES}/Neu", "Other Users/nobody@mondomaine.fr/Neu", "Public/Neu"):
        with pytest.raises(NoPermission):
            mailboxes.create_mailbox(bob.id, name)
    for name in ("Other Users", "Public", "Other Users/x", "Other Users/x@y", "Public/"):
        with pytest.raises(BadMailboxName):
            mailboxes.create_mailbox(bob.id, name)
    with pytest.raises(NoPermission):
        mailboxes.create_mailbox(bob.id, f"{ALICES}/Équipe/Trash", "\\Trash")


def test_deleting_and_renaming(alice, bob, marie, team):
    for verb in (
        lambda: mailboxes.delete_mailbox(bob.id, team.name),
        lambda: mailboxes.rename_mailbox(bob.id, team.name, f"{ALICES}/Autre"),
    ):
        with pytest.raises(NoPermission):
            verb()
    with pytest.raises(NoSuchMailbox):
        mailboxes.delete_mailbox(marie.id, team.name)
    share(alice, team, "bob", "xk", "add")
    inner = mailboxes.create_mailbox(bob.id, f"{team.name}/A")
    assert mailboxes.rename_mailbox(bob.id, inner.name, f"{team.name}/B").id == inner.id
    with pytest.raises(NoPermission):  # no right to make mailboxes there
        mailboxes.rename_mailbox(bob.id, f"{team.name}/B", f"{ALICES}/B")
    with pytest.raises(BadMailboxName):  # it stays with its owner
        mailboxes.rename_mailbox(bob.id, f"{team.name}/B", "B")
    with pytest.raises((BadMailboxName, NoPermission)):
        mailboxes.rename_mailbox(bob.id, "Archive", f"{team.name}/Archive")
    mailboxes.delete_mailbox(bob.id, team.name)
    assert [box.name for box in mailboxes.list_mailboxes(bob.id) if box.reader] == [f"{ALICES}/Équipe/B"]
    assert not mailboxes.get_mailbox(alice.id, "Équipe").selectable


def test_renaming_keeps_the_list(alice, bob, team):
    mailboxes.rename_mailbox(alice.id, "Équipe", "Groupe")
    assert mailboxes.get_mailbox(bob.id, f"{ALICES}/Groupe").rights == team.rights


def test_a_foreign_inbox_is_not_deleted(alice, bob, inbox):
    share(alice, inbox, "bob", "lrx")
    with pytest.raises(Exception, match="INBOX"):
        mailboxes.delete_mailbox(bob.id, f"{ALICES}/INBOX")


# -- the end of things, and what it costs


def test_the_end_of_a_mailbox_and_of_accounts(alice, bob, marie, team, fill, admin_account):
    own = mailboxes.get_mailbox(alice.id, "Équipe")
    fill(own, 2)
    share(alice, own, "marie", "lrs")
    for reader in (bob, marie):
        messages.store_flags(reader.id, own.id, [1], "add", flags.SEEN)
    store_accounts.delete_account(bob.id)
    assert [entry.identifier.text for entry in acl.list_acl(alice.id, own.id)][1:] == [marie.address]
    assert set(SeenMark.objects.values_list("account_id", flat=True)) == {marie.id}
    store_accounts.delete_account(alice.id, mail_to=marie.id)
    assert not AccessRights.objects.exists() and not SeenMark.objects.exists() and not Reader.objects.exists()
    assert seen_by(0, own) == []


def test_deleting_a_mailbox_deletes_its_list(alice, bob, team, fill):
    fill(mailboxes.get_mailbox(alice.id, "Équipe"), 1)
    messages.store_flags(bob.id, team.id, [1], "add", flags.SEEN)
    mailboxes.delete_mailbox(alice.id, "Équipe")
    assert not AccessRights.objects.exists() and not SeenMark.objects.exists() and not Reader.objects.exists()


def test_personal_mailboxes_cost_nothing_more(alice, bob, inbox, team, fill, monkeypatch):
    fill(inbox, 3)
    asked = []
    for name in ("execute", "execute_many"):
        real = getattr(sql, name)
        monkeypatch.setattr(sql, name, lambda text, *values, real=real: asked.append(text) or real(text, *values))
    shot = messages.snapshot(alice.id, inbox.id, take_recent=False)
    messages.store_flags(alice.id, inbox.id, [1, 2, 3], "add", flags.SEEN | flags.DELETED)
    list(reading.fetch_rows(inbox.id, [1, 2, 3], ("flags",)))
    messages.changes_since(inbox.id, shot.info.highest_modseq)
    messages.expunge(alice.id, inbox.id)
    assert asked and not [text for text in asked if "accessrights" in text or "seenmark" in text]
    asked.clear()
    mailboxes.list_mailboxes(alice.id)
    assert len(asked) == 1


def test_mailboxes_of_another_domain(alice, inbox):
    domains.create_domain("example.org")
    stranger = accounts.create_account("zoe@example.org")
    mailboxes.create_special_mailboxes(stranger.id)
    share(alice, inbox, "zoe@example.org", "lr")
    assert mailboxes.get_mailbox(stranger.id, f"{ALICES}/INBOX").id == inbox.id


@pytest.mark.parametrize("indexed", [False, True])
def test_flags_beside_texts_are_the_readers(alice, bob, team, fill, indexed):
    own = mailboxes.get_mailbox(alice.id, "Équipe")
    fill(own, 3)
    if indexed:
        indexing.index_everything()
    messages.store_flags(alice.id, own.id, [1], "add", flags.SEEN)
    at = messages.store_flags(bob.id, own.id, [2], "add", flags.SEEN).modseq
    for key, owners, readers in (
        (search.HasFlag(flags.SEEN), [1], [2]),
        (search.Not(search.HasFlag(flags.SEEN)), [2, 3], [1, 3]),
        (search.ModSeqAtLeast(at), [], [2]),
    ):
        query = search.Or(key, search.Body("nirgends"))
        assert search.search(alice.id, own.id, query) == owners
        assert search.search(bob.id, own.id, query) == readers


@pytest.mark.parametrize("verb", ["delete", "rename"])
@pytest.mark.parametrize(
    ("letters", "anew", "refused"),
    [("lr", False, NoPermission), ("", False, NoSuchMailbox), ("lrxk", True, NoSuchMailbox), ("", True, NoSuchMailbox)],
)
def test_what_the_owner_changes_meanwhile_counts(alice, bob, fill, monkeypatch, verb, letters, anew, refused):
    """The right is taken away, or the name is another mailbox's, when the turn of the reader's job comes."""
    outer = mailboxes.create_mailbox(alice.id, "Équipe")
    share(alice, outer, "bob", "lrk")
    box = mailboxes.create_mailbox(alice.id, "Équipe/A")
    share(alice, box, "bob", "lrx")
    fill(box, 2)
    real = writer.write

    def write(job):
        monkeypatch.setattr(writer, "write", real)
        now = box
        if anew:
            mailboxes.rename_mailbox(alice.id, "Équipe/A", "Équipe/C")
            now = mailboxes.create_mailbox(alice.id, "Équipe/A")
        share(alice, now, "bob", letters)
        return real(job)

    monkeypatch.setattr(writer, "write", write)
    name = f"{ALICES}/Équipe/A"
    with pytest.raises(refused):
        if verb == "delete":
            mailboxes.delete_mailbox(bob.id, name)
        else:
            mailboxes.rename_mailbox(bob.id, name, f"{ALICES}/Équipe/B")
    names = {"Équipe", "Équipe/A", "Équipe/C"} if anew else {"Équipe", "Équipe/A"}
    assert {each.name for each in mailboxes.list_mailboxes(alice.id)} == {*hierarchy.SPECIAL_MAILBOXES, *names}
    assert mailboxes.get_mailbox_by_id(alice.id, box.id).messages == 2
