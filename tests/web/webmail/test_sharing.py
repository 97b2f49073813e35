"""Sharing folders, and working in those that others share: bob's folder in alice's browser."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from directory import accounts, groups
from directory.accounts import AccountInfo
from mailstore import acl, annotations, append, flags, mailboxes, messages, public_folders, reading, rights, sql
from mailstore.annotations import Key
from mailstore.append import NewMessage
from mailstore.mailboxes import MailboxInfo
from tests.conftest import DOMAIN

SHARE = {"do": "share", "level": "read"}


def grant(owner_id: int, mailbox: MailboxInfo, who: str, letters: str) -> None:
    acl.set_rights(owner_id, mailbox.id, acl.find_identifier(who), "replace", rights.parse(letters))


def list_of(mailbox: MailboxInfo) -> dict[str, str]:
    entries = acl.list_acl(mailbox.account_id, mailbox.id)
    return {each.identifier.written: rights.letters(each.rights) for each in entries if not each.is_owner}


@pytest.fixture
def mine(alice: AccountInfo) -> MailboxInfo:
    return mailboxes.create_mailbox(alice.id, "Projets")


@pytest.fixture
def theirs(bob: AccountInfo, alice: AccountInfo, make_message: Callable[..., bytes]) -> MailboxInfo:
    """bob's folder with three messages, which alice may read."""
    made = mailboxes.create_mailbox(bob.id, "Équipe")
    append.append_messages(bob.id, made.id, [NewMessage(make_message(f"n° {index}")) for index in range(3)])
    grant(bob.id, made, alice.address, "lrs")
    return made


def page(mailbox: MailboxInfo) -> str:
    return f"/webmail/folder/{mailbox.id}/sharing/"


def test_the_page_says_whose_and_how_much(web: Client, mine: MailboxInfo) -> None:
    text = web.get(page(mine)).content.decode()
    assert "alice@mondomaine.fr (you)" in text and "Only you see this folder" in text
    assert page(mine) in web.get(f"/webmail/folder/{mine.id}/").content.decode()


def test_it_needs_a_login_and_the_folder_of_another_is_not_there(
    client: Client, outsider: Client, mine: MailboxInfo
) -> None:
    assert client.get(page(mine)).status_code == 302
    assert client.post(page(mine), SHARE | {"who": "marie"}).status_code == 302
    assert (
        outsider.get(page(mine)).status_code == outsider.post(page(mine), SHARE | {"who": "marie"}).status_code == 404
    )
    assert list_of(mine) == {}


@pytest.mark.parametrize(("level", "letters"), [("read", "lrs"), ("write", "lrswited"), ("all", "lrswipkxteacd")])
def test_sharing_by_a_level(web: Client, mine: MailboxInfo, bob: AccountInfo, level: str, letters: str) -> None:
    answer = web.post(page(mine), {"do": "share", "who": " Bob@mondomaine.fr", "level": level}, follow=True)
    assert "Shared with bob@mondomaine.fr" in answer.content.decode()
    assert list_of(mine) == {bob.address: letters}


def test_each_right_groups_and_everyone(web: Client, mine: MailboxInfo, bob: AccountInfo) -> None:
    groups.create_group(f"equipe@{DOMAIN}", members=[bob.address])
    own = {"do": "share", "level": "own", "rights": ["l", "r", "i"]}
    assert web.post(page(mine), own | {"who": f"equipe@{DOMAIN}"}).status_code == 303
    assert web.post(page(mine), SHARE | {"everyone": "on"}).status_code == 303
    assert list_of(mine) == {"anyone": "lrs", f"group:equipe@{DOMAIN}": "lri"}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"who": "nobody@mondomaine.fr"}, "who"), ({"who": "alice@mondomaine.fr"}, "who"), ({}, "who"),
        ({"who": "bob@mondomaine.fr", "everyone": "on"}, "who"), ({"who": "bob@mondomaine.fr", "level": "x"}, "level"),
        ({"who": "bob@mondomaine.fr", "level": "own"}, "rights"),
        ({"who": "bob@mondomaine.fr", "level": "own", "rights": ["q"]}, "rights"),
    ],
)  # fmt: skip
def test_what_cannot_be_comes_back(
    web: Client, mine: MailboxInfo, bob: AccountInfo, fields: dict[str, object], field: str
) -> None:
    answer = web.post(page(mine), SHARE | fields)
    assert answer.status_code == 422
    assert field in answer.context["share"].errors
    assert list_of(mine) == {}


def test_an_unknown_verb_is_refused(web: Client, mine: MailboxInfo) -> None:
    assert web.post(page(mine), {"do": "x"}).status_code == 400


def test_everyone_may_share_only_after_a_question(web: Client, mine: MailboxInfo) -> None:
    fields = {"do": "share", "everyone": "on", "level": "all"}
    asked = web.post(page(mine), fields).content.decode()
    assert "Let everyone share this folder?" in asked and 'name="sure" value="1"' in asked
    assert list_of(mine) == {}
    assert web.post(page(mine), fields | {"sure": "1"}).status_code == 303
    assert list_of(mine) == {"anyone": "lrswipkxteacd"}


@pytest.mark.parametrize("who", ["-bob@mondomaine.fr", " -bob", "-anyone", "-group:equipe@mondomaine.fr"])
def test_sharing_takes_nothing_away(web: Client, mine: MailboxInfo, bob: AccountInfo, who: str) -> None:
    groups.create_group(f"equipe@{DOMAIN}", members=[bob.address])
    answer = web.post(page(mine), SHARE | {"who": who})
    assert answer.status_code == 422
    assert "Nobody on this server has this address." in answer.content.decode()
    assert list_of(mine) == {}


def test_a_full_list_is_told_to_who_changes_what_has_gone(
    web: Client, mine: MailboxInfo, bob: AccountInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acl, "MAX_IDENTIFIERS", 0)
    answer = web.post(page(mine), {"do": "set", "who": bob.address, "level": "read"}, follow=True)
    assert "shared with as many as it may be" in answer.content.decode()
    assert list_of(mine) == {}


def test_changing_and_stopping(web: Client, mine: MailboxInfo, bob: AccountInfo, alice: AccountInfo) -> None:
    grant(alice.id, mine, bob.address, "lrs")
    assert web.post(page(mine), {"do": "set", "who": bob.address, "level": "write"}).status_code == 303
    assert list_of(mine) == {bob.address: "lrswited"}
    refused = web.post(page(mine), {"do": "set", "who": bob.address, "level": "own"})
    assert refused.status_code == 422 and "Tick at least one right" in refused.content.decode()
    assert web.post(page(mine), {"do": "stop", "who": bob.address}).status_code == 303
    assert list_of(mine) == {}
    again = web.post(page(mine), {"do": "stop", "who": bob.address}, follow=True).content.decode()
    assert "not here any more" in again


def test_who_may_not_share_reads_about_the_folder_only(web: Client, theirs: MailboxInfo) -> None:
    text = web.get(page(theirs)).content.decode()
    assert "bob@mondomaine.fr" in text and "Share this folder" not in text
    assert web.post(page(theirs), SHARE | {"who": "marie"}).status_code == 403
    assert list_of(theirs) == {"alice@mondomaine.fr": "lrs"}


def test_how_much_is_in_it_is_for_who_may_read_it(web: Client, alice: AccountInfo, theirs: MailboxInfo) -> None:
    count = 'count-new">3<'
    text = web.get(page(theirs)).content.decode()
    assert "<dt>Messages</dt>" in text and "3 messages, 3 unread" in text and count in text
    grant(theirs.account_id, theirs, alice.address, "l")
    text = web.get(page(theirs)).content.decode()
    assert "Équipe" in text
    assert "<dt>Messages</dt>" not in text and "3 messages" not in text and count not in text


def test_shared_folders_stand_below_their_owner(web: Client, alice: AccountInfo, theirs: MailboxInfo) -> None:
    folder = public_folders.create_folder(DOMAIN, "Annonces")
    grant(folder.account_id, folder, "anyone", "lr")
    text = web.get("/webmail/folders/").content.decode()
    assert (
        text.index("bob@mondomaine.fr</span>")
        < text.index("Équipe")
        < text.index("Public folders")
        < text.index("Annonces")
    )
    grant(theirs.account_id, theirs, alice.address, "r")
    assert "Équipe" not in web.get("/webmail/folders/").content.decode()


def test_buttons_that_are_not_allowed_are_not_there(web: Client, alice: AccountInfo, theirs: MailboxInfo) -> None:
    def shown(letters: str) -> set[str]:
        grant(theirs.account_id, theirs, alice.address, letters)
        text = web.get(f"/webmail/folder/{theirs.id}/message/2/").content.decode()
        wanted = {"read": 'value="read', "star": 'value="star', "trash": 'value="trash', "move": 'value="move-'}
        menu = {"rename": "/rename/", "delete": "/delete/", "archive": 'value="archive', "junk": 'value="junk'}
        return {name for name, mark in (wanted | menu).items() if mark in text}

    assert shown("lr") == set()
    assert shown("lrs") == {"read"}
    assert shown("lrw") == {"star"}
    assert shown("lrte") == {"trash", "move"}
    assert shown("lrxte") == {"trash", "move", "delete"}
    assert shown("lrt") == shown("lre") == shown("lrx") == set()


@pytest.mark.parametrize("verb", ["read", "star", "unstar", "trash", "archive", "junk", "purge"])
def test_what_is_not_allowed_is_refused(web: Client, alice: AccountInfo, theirs: MailboxInfo, verb: str) -> None:
    grant(theirs.account_id, theirs, alice.address, "lr")
    fields = {"do": verb, "uid": "1", "sure": "1"}
    assert web.post(f"/webmail/folder/{theirs.id}/act/", fields).status_code == 403
    for place in ("rename", "delete"):
        assert web.post(f"/webmail/folder/{theirs.id}/{place}/", {"name": "x"}).status_code == 403
    assert mailboxes.get_mailbox_by_id(theirs.account_id, theirs.id).messages == 3
    grant(theirs.account_id, theirs, alice.address, "lwite")
    assert web.get(f"/webmail/folder/{theirs.id}/").status_code == 404
    assert web.get(f"/webmail/folder/{theirs.id}/message/1/").status_code == 404


def test_reading_is_each_ones_own(web: Client, alice: AccountInfo, theirs: MailboxInfo) -> None:
    assert web.post(f"/webmail/folder/{theirs.id}/act/", {"do": "read", "uid": ["1", "2"]}).status_code == 303
    assert "1 unread of 3" in web.get(f"/webmail/folder/{theirs.id}/").content.decode()
    assert mailboxes.get_mailbox_by_id(theirs.account_id, theirs.id).unseen == 3
    assert "n° 2" in web.get(f"/webmail/folder/{theirs.id}/?show=unread").content.decode()


def test_moving_in_and_out(
    web: Client,
    alice: AccountInfo,
    theirs: MailboxInfo,
    inbox: MailboxInfo,
    put: Callable[..., int],
    make_message: Callable[..., bytes],
) -> None:
    grant(theirs.account_id, theirs, alice.address, "lrswite")
    uid = put(make_message("mien"))
    into = f"move-{theirs.id}"
    assert f'value="{into}"' in web.get(f"/webmail/folder/{inbox.id}/").content.decode()
    answer = web.post(f"/webmail/folder/{inbox.id}/act/", {"do": into, "uid": str(uid)}, follow=True)
    assert "Moved to Équipe" in answer.content.decode()
    assert mailboxes.get_mailbox_by_id(theirs.account_id, theirs.id).messages == 4
    assert web.post(f"/webmail/folder/{theirs.id}/act/", {"do": "trash", "uid": "1"}).status_code == 303
    assert mailboxes.get_mailbox_by_id(theirs.account_id, theirs.id).messages == 3
    assert mailboxes.find_special(alice.id, "\\Trash").messages == 1  # type: ignore[union-attr]
    grant(theirs.account_id, theirs, alice.address, "lrs")
    assert web.post(f"/webmail/folder/{inbox.id}/act/", {"do": into, "uid": "9"}).status_code == 403


def test_moving_into_a_folder_that_may_not_be_read(
    web: Client,
    alice: AccountInfo,
    theirs: MailboxInfo,
    inbox: MailboxInfo,
    put: Callable[..., int],
    make_message: Callable[..., bytes],
) -> None:
    grant(theirs.account_id, theirs, alice.address, "li")
    uid = put(make_message("mien"))
    act, into = f"/webmail/folder/{inbox.id}/act/", f"move-{theirs.id}"
    assert f'value="{into}"' in web.get(f"/webmail/folder/{inbox.id}/").content.decode()
    answer = web.post(act, {"do": into, "uid": str(uid)}, follow=True)
    assert "Moved to Équipe" in answer.content.decode()
    assert mailboxes.get_mailbox_by_id(theirs.account_id, theirs.id).messages == 4
    grant(theirs.account_id, theirs, alice.address, "i")
    assert web.post(act, {"do": into, "uid": str(put(make_message()))}).status_code == 404


def test_a_name_that_only_holds_folders_takes_no_message(
    web: Client, alice: AccountInfo, inbox: MailboxInfo, put: Callable[..., int], make_message: Callable[..., bytes]
) -> None:
    for name in ("A", "A/B"):
        mailboxes.create_mailbox(alice.id, name)
    mailboxes.delete_mailbox(alice.id, "A")
    holder = mailboxes.get_mailbox(alice.id, "A")
    fields = {"do": f"move-{holder.id}", "uid": str(put(make_message()))}
    assert web.post(f"/webmail/folder/{inbox.id}/act/", fields).status_code == 404


def test_a_full_mailbox_moves_nothing_back(
    web: Client, alice: AccountInfo, bob: AccountInfo, theirs: MailboxInfo
) -> None:
    grant(bob.id, theirs, alice.address, "lrswite")
    answer = web.post(f"/webmail/folder/{theirs.id}/act/", {"do": "trash", "uid": "1"}, follow=True)
    token = re.search(r'name="token" value="([^"]+)"', answer.content.decode())
    assert token is not None
    accounts.update_account(bob.id, quota_messages=1)
    undone = web.post("/webmail/undo/", {"token": token[1]}, follow=True)
    assert "full. Nothing was moved." in undone.content.decode()
    assert mailboxes.get_mailbox_by_id(bob.id, theirs.id).messages == 2
    assert mailboxes.find_special(alice.id, "\\Trash").messages == 1  # type: ignore[union-attr]


def test_a_folder_whose_mail_has_no_room_in_trash_stays(
    web: Client, alice: AccountInfo, bob: AccountInfo, theirs: MailboxInfo
) -> None:
    grant(bob.id, theirs, alice.address, "lrswitex")
    accounts.update_account(alice.id, quota_messages=1)
    refused = web.post(f"/webmail/folder/{theirs.id}/delete/", follow=True)
    assert "Your mailbox is full. The folder was not deleted." in refused.content.decode()
    assert mailboxes.get_mailbox_by_id(bob.id, theirs.id).messages == 3


def test_a_folder_inside_a_shared_one(web: Client, alice: AccountInfo, theirs: MailboxInfo) -> None:
    grant(theirs.account_id, theirs, alice.address, "lrk")
    parent = "Other Users/bob@mondomaine.fr/Équipe"
    assert web.post("/webmail/folders/new/", {"name": "Plans", "parent": parent}).status_code == 303
    assert mailboxes.get_mailbox(theirs.account_id, "Équipe/Plans").rights == rights.ALL
    grant(theirs.account_id, theirs, alice.address, "lr")
    assert web.post("/webmail/folders/new/", {"name": "Autre", "parent": parent}).status_code == 422


def test_moving_a_folder_of_another_needs_a_place_for_it(web: Client, alice: AccountInfo, theirs: MailboxInfo) -> None:
    mailboxes.create_mailbox(alice.id, "Mine")
    bob_id, parent = theirs.account_id, "Other Users/bob@mondomaine.fr/Équipe"
    inner = mailboxes.create_mailbox(bob_id, "Équipe/Plans")
    grant(bob_id, inner, alice.address, "lrx")
    here, rename = f"/webmail/folder/{inner.id}/", f"/webmail/folder/{inner.id}/rename/"
    assert rename not in web.get(here).content.decode()
    assert web.get(rename).status_code == 403
    assert web.post(rename, {"name": "Neu", "parent": parent}).status_code == 403

    grant(bob_id, theirs, alice.address, "lrk")
    assert rename in web.get(here).content.decode()
    asked = web.get(rename).content.decode()
    assert f'value="{parent}"' in asked
    assert "No other folder" not in asked and 'value="Mine"' not in asked
    for fields in ({"name": "Neu"}, {"name": "Neu", "parent": ""}, {"name": "Neu", "parent": "Mine"}):
        assert web.post(rename, fields).status_code == 422
    assert mailboxes.get_mailbox_by_id(bob_id, inner.id).name == "Équipe/Plans"
    assert web.post(rename, {"name": "Neu", "parent": parent}).status_code == 303
    assert mailboxes.get_mailbox_by_id(bob_id, inner.id).name == "Équipe/Neu"


def test_a_folder_at_the_top_of_another_may_be_moved_inside(
    web: Client, alice: AccountInfo, theirs: MailboxInfo
) -> None:
    home = mailboxes.create_mailbox(theirs.account_id, "Projets")
    grant(theirs.account_id, theirs, alice.address, "lrx")
    grant(theirs.account_id, home, alice.address, "lk")
    rename = f"/webmail/folder/{theirs.id}/rename/"
    assert rename in web.get(f"/webmail/folder/{theirs.id}/").content.decode()
    fields = {"name": "Équipe", "parent": "Other Users/bob@mondomaine.fr/Projets"}
    assert web.post(rename, fields).status_code == 303
    assert mailboxes.get_mailbox_by_id(theirs.account_id, theirs.id).name == "Projets/Équipe"


def test_the_number_of_queries_does_not_grow(
    web: Client,
    alice: AccountInfo,
    bob: AccountInfo,
    theirs: MailboxInfo,
    mine: MailboxInfo,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    real = sql.execute
    monkeypatch.setattr(sql, "execute", lambda text, *values: asked.append(text) or real(text, *values))

    def count(url: str) -> int:
        asked.clear()
        with CaptureQueriesContext(connection) as queries:
            assert web.get(url).status_code == 200
        return len(queries) + len(asked)

    grant(alice.id, mine, bob.address, "lr")
    web.get("/webmail/folders/")  # what is kept until something changes is read
    before = [count(url) for url in ("/webmail/folders/", page(mine))]
    for index in range(5):
        made = mailboxes.create_mailbox(bob.id, f"Dossier {index}")
        grant(bob.id, made, alice.address, "lrs")
        group = groups.create_group(f"groupe{index}@{DOMAIN}")
        grant(alice.id, mine, f"group:{group.address}", "lr")
    web.get("/webmail/folders/")
    assert [count(url) for url in ("/webmail/folders/", page(mine))] == before


def test_drafts_and_letters_from_a_shared_folder(web: Client, theirs: MailboxInfo) -> None:
    """Answering and downloading go by the right to read."""
    here = f"/webmail/folder/{theirs.id}/message/1/"
    assert web.get(f"{here}reply/write/").status_code == 200
    assert web.get(f"{here}source/").status_code == 200
    messages.store_flags(theirs.account_id, theirs.id, [1], "add", flags.ANSWERED)
    assert next(reading.fetch_rows(theirs.id, [1], ("flags",))) == [(flags.ANSWERED,)]


def test_notes_without_room_hold_the_message_back(
    web: Client, alice: AccountInfo, mine: MailboxInfo, theirs: MailboxInfo, make_message: Callable[..., bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    grant(theirs.account_id, theirs, alice.address, "lrswi")
    append.append_messages(
        alice.id, mine.id, [NewMessage(make_message("x"), annotations={Key("/comment", True): b"x"})]
    )
    monkeypatch.setattr(annotations, "MAX_TOTAL", 1)
    answer = web.post(f"/webmail/folder/{mine.id}/act/", {"do": f"move-{theirs.id}.1"}, follow=True)
    assert "have no room there" in answer.content.decode()
    assert mailboxes.get_mailbox_by_id(alice.id, mine.id).messages == 1
