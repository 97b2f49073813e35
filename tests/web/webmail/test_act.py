"""Doing something with messages: flags, moves, deletion, undo."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from mailstore import flags, listing
from mailstore.mailboxes import MailboxInfo

Make = Callable[..., bytes]
HTMX = {"HX-Request": "true", "HX-Target": "act"}


def url(mailbox: MailboxInfo) -> str:
    return f"/webmail/folder/{mailbox.id}/act/"


def uids(mailbox: MailboxInfo) -> list[int]:
    return [row.uid for row in listing.list_page(mailbox.id)]


def flags_of(mailbox: MailboxInfo, uid: int) -> int:
    return next(row.flags for row in listing.list_page(mailbox.id) if row.uid == uid)


@pytest.mark.parametrize(
    "verb, before, after",
    [("read", 0, flags.SEEN), ("unread", flags.SEEN, 0), ("star", 0, flags.FLAGGED), ("unstar", flags.FLAGGED, 0)],
)
def test_flags_are_set_and_taken_away(
    web: Client, put: Callable[..., int], inbox: MailboxInfo, make_message: Make, verb: str, before: int, after: int
) -> None:
    uid, other = put(make_message(), flags=before), put(make_message(), flags=before)
    assert web.post(url(inbox), {"do": f"{verb}.{uid}"}).status_code == 303
    assert flags_of(inbox, uid) == after
    assert flags_of(inbox, other) == before


@pytest.mark.parametrize("verb, use", [("archive", "\\Archive"), ("junk", "\\Junk"), ("trash", "\\Trash")])
def test_ticked_messages_move_and_come_back_with_undo(
    web: Client, put: Callable[..., int], inbox: MailboxInfo, box: Callable[[str], MailboxInfo], make_message: Make,
    verb: str, use: str,
) -> None:  # fmt: skip
    moved = [put(make_message(str(number))) for number in range(3)]
    stays = put(make_message("stays"))
    answer = web.post(url(inbox), {"do": verb, "uid": moved, "show": "all"}, headers=HTMX).content.decode()
    assert uids(inbox) == [stays]
    assert len(uids(box(use))) == 3
    assert "3 messages moved to" in answer
    token = re.search(r'name="token" value="([^"]+)"', answer)
    assert token is not None
    undone = web.post("/webmail/undo/", {"token": token[1]}, headers=HTMX).content.decode()
    assert "3 messages moved back" in undone
    assert len(uids(inbox)) == 4
    assert uids(box(use)) == []


def test_moving_to_a_folder_and_out_of_junk(
    web: Client, put: Callable[..., int], inbox: MailboxInfo, box: Callable[[str], MailboxInfo], make_message: Make
) -> None:
    uid = put(make_message())
    junk = box("\\Junk")
    web.post(url(inbox), {"do": f"move-{junk.id}.{uid}"})
    assert uids(inbox) == []
    (junk_uid,) = uids(box("\\Junk"))
    web.post(url(box("\\Junk")), {"do": f"notjunk.{junk_uid}"})
    assert len(uids(inbox)) == 1


def test_deleting_for_ever_asks_first(
    web: Client, put: Callable[..., int], inbox: MailboxInfo, box: Callable[[str], MailboxInfo], make_message: Make
) -> None:
    web.post(url(inbox), {"do": f"trash.{put(make_message())}"})
    (uid,) = uids(box("\\Trash"))
    asked = web.post(url(box("\\Trash")), {"do": f"purge.{uid}"})
    assert "Delete this message for ever?" in asked.content.decode()
    dialog = web.post(url(box("\\Trash")), {"do": f"purge.{uid}"}, headers=HTMX)
    assert dialog["HX-Retarget"] == "#dialogs"
    assert uids(box("\\Trash")) == [uid]
    web.post(url(box("\\Trash")), {"do": "purge", "uid": uid, "sure": "1"})
    assert uids(box("\\Trash")) == []


def test_emptying_is_for_trash_and_junk_and_asks_first(
    web: Client, put: Callable[..., int], inbox: MailboxInfo, box: Callable[[str], MailboxInfo], make_message: Make
) -> None:
    web.post(url(inbox), {"do": "trash", "uid": [put(make_message()) for _ in range(5)]})
    trash = box("\\Trash")
    empty = f"/webmail/folder/{trash.id}/empty/"
    assert "Delete all 5 messages" in web.get(empty).content.decode()
    assert len(uids(box("\\Trash"))) == 5
    assert web.post(empty).status_code == 303
    assert uids(box("\\Trash")) == []
    assert web.post(f"/webmail/folder/{inbox.id}/empty/").status_code == 400


def test_closing_the_open_message_when_it_goes(
    web: Client, put: Callable[..., int], inbox: MailboxInfo, make_message: Make
) -> None:
    uid, other = put(make_message()), put(make_message("Other"))
    gone = web.post(url(inbox), {"do": "archive", "uid": uid, "open": uid}, headers=HTMX).content.decode()
    assert "No message chosen" in gone
    stays = web.post(url(inbox), {"do": f"star.{other}", "open": other}, headers=HTMX).content.decode()
    assert "No message chosen" not in stays
    assert 'aria-current="true"' in stays


def test_nonsense_is_refused_and_changes_nothing(
    web: Client, put: Callable[..., int], inbox: MailboxInfo, make_message: Make
) -> None:
    uid = put(make_message())
    assert web.post(url(inbox), {"do": f"explode.{uid}"}).status_code == 400
    assert web.post(url(inbox), {}).status_code == 400
    assert web.post(url(inbox), {"do": "archive"}).status_code == 303
    assert web.post(url(inbox), {"do": "archive", "uid": ["x", "-1", "9" * 30, "999"]}).status_code == 303
    assert web.post(url(inbox), {"do": f"move-999999.{uid}"}).status_code == 404
    assert web.get(url(inbox)).status_code == 405
    assert uids(inbox) == [uid]


def test_an_outsider_can_neither_act_nor_move_into_nor_undo(
    web: Client, outsider: Client, put: Callable[..., int], inbox: MailboxInfo, make_message: Make, marie: object
) -> None:
    uid = put(make_message())
    assert outsider.post(url(inbox), {"do": f"trash.{uid}"}).status_code == 404
    answer = web.post(url(inbox), {"do": f"archive.{uid}"}, headers=HTMX).content.decode()
    token = re.search(r'name="token" value="([^"]+)"', answer)
    assert token is not None
    refused = outsider.post("/webmail/undo/", {"token": token[1]}, follow=True).content.decode()
    assert "cannot be undone" in refused
    assert uids(inbox) == []
    assert outsider.post("/webmail/undo/", {"token": "made up"}).status_code == 303
