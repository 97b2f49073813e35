import pytest

from mailstore import hierarchy, mailboxes, messages, reading
from mailstore.errors import (
    BadMailboxName,
    CannotChangeInbox,
    HasChildren,
    LimitReached,
    MailboxExists,
    NoSuchMailbox,
)
from mailstore.names import MAX_DEPTH, MAX_NAME_LENGTH


def names(account):
    return [info.name for info in mailboxes.list_mailboxes(account.id)]


def test_a_new_account_has_the_special_mailboxes(alice):
    assert names(alice) == ["INBOX", "Archive", "Drafts", "Junk", "Sent", "Trash"]
    assert mailboxes.find_special(alice.id, "\\Sent").name == "Sent"
    assert mailboxes.find_special(alice.id, "\\Flagged") is None
    validities = {info.uid_validity for info in mailboxes.list_mailboxes(alice.id)}
    assert len(validities) == 6


def test_inbox_in_any_case(alice, bob):
    inbox = mailboxes.get_mailbox(alice.id, "iNbOx")
    assert inbox.name == "INBOX"
    assert mailboxes.create_mailbox(alice.id, "inbox/Projets").name == "INBOX/Projets"
    with pytest.raises(MailboxExists):
        mailboxes.create_mailbox(alice.id, "Inbox")
    assert mailboxes.create_mailbox(alice.id, "\u0131nbox").name == "\u0131nbox"  # its capitals are "INBOX", too
    with pytest.raises(NoSuchMailbox):
        mailboxes.get_mailbox_by_id(bob.id, inbox.id)


def test_create_makes_parents_and_tolerates_a_trailing_delimiter(alice):
    made = mailboxes.create_mailbox(alice.id, "Projets/2024/Réseaux/")
    assert made.name == "Projets/2024/Réseaux" and made.selectable and not made.has_children
    assert mailboxes.get_mailbox(alice.id, "Projets").has_children
    listed = {info.name: info.has_children for info in mailboxes.list_mailboxes(alice.id)}
    assert (listed["Projets/2024"], listed["Projets/2024/Réseaux"]) == (True, False)


def test_names_are_normalized(alice):
    assert mailboxes.create_mailbox(alice.id, "Re\u0301seaux").name == "R\u00e9seaux"
    assert mailboxes.get_mailbox(alice.id, "Re\u0301seaux").name == "R\u00e9seaux"


@pytest.mark.parametrize(
    "name",
    ["", "/", "/a", "a//b", "a\nb", "a\0", "\x7f", "a/ /b", "100%", "*", "\ud800", "x" * (MAX_NAME_LENGTH + 1),
     "/".join("x" * (MAX_DEPTH + 1))],
)  # fmt: skip
def test_bad_names(alice, name):
    with pytest.raises(BadMailboxName):
        mailboxes.create_mailbox(alice.id, name)
    with pytest.raises(NoSuchMailbox):
        mailboxes.get_mailbox(alice.id, name)
    with pytest.raises(BadMailboxName):
        mailboxes.create_mailbox(alice.id, "fine", "\\Unknown")


def test_number_of_mailboxes_is_limited(alice, monkeypatch):
    monkeypatch.setattr(hierarchy, "MAX_MAILBOXES", 7)
    mailboxes.create_mailbox(alice.id, "seven")
    with pytest.raises(LimitReached):
        mailboxes.create_mailbox(alice.id, "eight")


def test_rename_with_children(alice, fill):
    old = mailboxes.create_mailbox(alice.id, "a/b")
    fill(old, 1)
    mailboxes.create_mailbox(alice.id, "a/b/c")
    renamed = mailboxes.rename_mailbox(alice.id, "a", "x/y")
    assert renamed.name == "x/y"
    assert names(alice)[-4:] == ["x", "x/y", "x/y/b", "x/y/b/c"] and "a" not in names(alice)
    moved = mailboxes.get_mailbox(alice.id, "x/y/b")
    assert (moved.id, moved.uid_validity, moved.messages) == (old.id, old.uid_validity, 1)


def test_rename_refusals(alice):
    mailboxes.create_mailbox(alice.id, "a/b")
    mailboxes.create_mailbox(alice.id, "z")
    for old, new, error in (
        ("gone", "new", NoSuchMailbox),
        ("a", "z", MailboxExists),
        ("a", "a/c", BadMailboxName),
        ("a", "INBOX", MailboxExists),
        ("a", "", BadMailboxName),
    ):
        with pytest.raises(error):
            mailboxes.rename_mailbox(alice.id, old, new)


def test_rename_inbox_moves_its_mail_and_leaves_it(alice, inbox, fill):
    fill(inbox, 2)
    mailboxes.create_mailbox(alice.id, "INBOX/child")
    target = mailboxes.rename_mailbox(alice.id, "inbox", "old-mail")
    assert (target.messages, mailboxes.get_mailbox(alice.id, "INBOX").messages) == (2, 0)
    assert "INBOX/child" in names(alice)
    assert list(reading.fetch_rows(target.id, [1, 2], ["uid"])) == [[(1,), (2,)]]


def test_delete_with_mail(alice, inbox, fill):
    box = mailboxes.create_mailbox(alice.id, "box")
    fill(box, 2)
    messages.copy_messages(alice.id, box.id, [1], inbox.id)
    mailboxes.delete_mailbox(alice.id, "box")
    assert "box" not in names(alice)
    assert mailboxes.create_mailbox(alice.id, "box").uid_validity > box.uid_validity


def test_delete_with_children_leaves_a_noselect_name(alice, fill):
    parent = mailboxes.create_mailbox(alice.id, "a")
    fill(parent, 1)
    mailboxes.create_mailbox(alice.id, "a/b")
    mailboxes.delete_mailbox(alice.id, "a")
    left = mailboxes.get_mailbox(alice.id, "a")
    assert not left.selectable and left.messages == 0
    with pytest.raises(HasChildren):
        mailboxes.delete_mailbox(alice.id, "a")
    again = mailboxes.create_mailbox(alice.id, "a")
    assert again.selectable and again.uid_validity > parent.uid_validity
    mailboxes.delete_mailbox(alice.id, "a")
    mailboxes.delete_mailbox(alice.id, "a/b")
    mailboxes.delete_mailbox(alice.id, "a")
    assert "a" not in names(alice)


def test_delete_refusals(alice):
    with pytest.raises(CannotChangeInbox):
        mailboxes.delete_mailbox(alice.id, "inbox")
    with pytest.raises(NoSuchMailbox):
        mailboxes.delete_mailbox(alice.id, "gone")


def test_subscriptions_survive_the_mailbox(alice):
    mailboxes.create_mailbox(alice.id, "box")
    mailboxes.unsubscribe(alice.id, "Junk")
    mailboxes.delete_mailbox(alice.id, "box")
    assert "box" in mailboxes.list_subscriptions(alice.id)
    assert "Junk" not in mailboxes.list_subscriptions(alice.id)
    mailboxes.create_mailbox(alice.id, "box")
    mailboxes.unsubscribe(alice.id, "box")
    with pytest.raises(NoSuchMailbox):
        mailboxes.unsubscribe(alice.id, "box")
    mailboxes.subscribe(alice.id, "not/there")
    mailboxes.subscribe(alice.id, "not/there")
    mailboxes.subscribe(alice.id, "box")
    assert {"not/there", "box"} <= set(mailboxes.list_subscriptions(alice.id))
    mailboxes.unsubscribe(alice.id, "not/there")
    assert "not/there" not in mailboxes.list_subscriptions(alice.id)
