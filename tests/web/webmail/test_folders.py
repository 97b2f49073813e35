"""Making, renaming, deleting folders."""

from collections.abc import Callable

import pytest
from django.test import Client

from directory.accounts import AccountInfo
from mailstore import append, mailboxes
from mailstore.append import NewMessage
from mailstore.mailboxes import MailboxInfo

NEW = "/webmail/folders/new/"


def names(account: AccountInfo) -> set[str]:
    return {box.name for box in mailboxes.list_mailboxes(account.id)}


def test_a_folder_is_made_inside_another(web: Client, alice: AccountInfo) -> None:
    assert web.post(NEW, {"name": " Projet Réseaux "}).status_code == 303
    assert web.post(NEW, {"name": "2026", "parent": "Projet Réseaux"}).status_code == 303
    assert {"Projet Réseaux", "Projet Réseaux/2026"} <= names(alice)
    answer = web.post(NEW, {"name": "Scripted"}, headers={"HX-Request": "true", "HX-Target": "dialogs"})
    assert answer["HX-Redirect"].startswith("/webmail/folder/")


@pytest.mark.parametrize("name", ["", "a/b", "INBOX", "Trash", "x" * 300, "a\x07b"])
def test_bad_and_taken_names_come_back_at_the_field(web: Client, alice: AccountInfo, name: str) -> None:
    before = names(alice)
    answer = web.post(NEW, {"name": name})
    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()
    assert names(alice) == before


def test_renaming_takes_what_is_inside_along(web: Client, alice: AccountInfo) -> None:
    box = mailboxes.create_mailbox(alice.id, "A")
    mailboxes.create_mailbox(alice.id, "A/B")
    assert 'value="A"' in web.get(f"/webmail/folder/{box.id}/rename/").content.decode()
    assert web.post(f"/webmail/folder/{box.id}/rename/", {"name": "Z"}).status_code == 303
    assert {"Z", "Z/B"} <= names(alice)
    assert web.post(f"/webmail/folder/{box.id}/rename/", {"name": "Sent"}).status_code == 422


def test_deleting_moves_the_mail_to_trash_after_a_question(
    web: Client, alice: AccountInfo, box: Callable[[str], MailboxInfo], make_message: Callable[..., bytes]
) -> None:
    mine = mailboxes.create_mailbox(alice.id, "Mine")
    append.append_messages(alice.id, mine.id, [NewMessage(make_message(str(number))) for number in range(3)])
    delete = f"/webmail/folder/{mine.id}/delete/"
    assert "3 messages move to Trash" in web.get(delete).content.decode()
    assert "Mine" in names(alice)
    assert web.post(delete).status_code == 303
    assert "Mine" not in names(alice)
    assert box("\\Trash").messages == 3


def test_special_folders_keep_their_names(web: Client, inbox: MailboxInfo, box: Callable[[str], MailboxInfo]) -> None:
    for mailbox in (inbox, box("\\Sent")):
        assert web.post(f"/webmail/folder/{mailbox.id}/rename/", {"name": "x"}).status_code == 404
        assert web.post(f"/webmail/folder/{mailbox.id}/delete/").status_code == 404


def test_anothers_folder_does_not_exist(outsider: Client, alice: AccountInfo) -> None:
    mine = mailboxes.create_mailbox(alice.id, "Mine")
    assert outsider.get(f"/webmail/folder/{mine.id}/rename/").status_code == 404
    assert outsider.post(f"/webmail/folder/{mine.id}/delete/").status_code == 404
    assert "Mine" in names(alice)


def test_the_column_has_counts_and_the_quota(
    web: Client, alice: AccountInfo, inbox: MailboxInfo, make_message: Callable[..., bytes]
) -> None:
    append.append_messages(alice.id, inbox.id, [NewMessage(make_message()) for _ in range(4)])
    text = web.get("/webmail/folders/").content.decode()
    assert 'count-new">4<' in text
    assert "used" in text
    assert web.post("/webmail/folders/").status_code == 405
