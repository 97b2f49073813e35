"""Writing: drafts, files, answers, sending, and what hinders it."""

import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from directory.accounts import AccountInfo
from mailstore import flags, listing, mailboxes, reading
from mailstore.mailboxes import MailboxInfo
from webmail import answers, drafts, letters, recipients
from webmail.views import compose as compose_views

Make = Callable[..., bytes]
TO_SEVERAL = {"From": "Bob <bob@x.fr>", "To": "alice@mondomaine.fr, c@x.fr", "Cc": "d@x.fr"}
SEND, SAVE = "/webmail/write/send/", "/webmail/write/save/"


def letter(**changes: object) -> dict[str, object]:
    return {
        "do": "send",
        "to": "bob@mondomaine.fr",
        "cc": "",
        "bcc": "",
        "subject": "Salut !",
        "text": "Salut Bob !",
    } | changes


def newest(mailbox: MailboxInfo) -> tuple[listing.ListRow, bytes]:
    row = listing.list_page(mailbox.id)[0]
    return row, reading.read_content(listing.get_message(mailbox.account_id, mailbox.id, row.uid).content_id)


def inbox_of(account: AccountInfo) -> MailboxInfo:
    return mailboxes.get_mailbox(account.id, "INBOX")


def test_sending_reaches_the_inbox_and_leaves_a_copy(
    web: Client, bob: AccountInfo, box: Callable[[str], MailboxInfo]
) -> None:
    answer = web.post(SEND, letter(), follow=True)
    assert "Message sent to bob@mondomaine.fr" in answer.content.decode()
    row, data = newest(inbox_of(bob))
    assert (row.subject, row.sender, row.flags) == ("Salut !", "Alice Martin", 0)
    assert b"Salut Bob !" in data
    copy, _ = newest(box("\\Sent"))
    assert copy.flags == flags.SEEN


def test_bcc_gets_it_and_only_the_copy_names_it(
    web: Client, bob: AccountInfo, marie: AccountInfo, box: Callable[[str], MailboxInfo]
) -> None:
    web.post(SEND, letter(bcc="Marie <marie@mondomaine.fr>"))
    for account in (bob, marie):
        assert b"marie" not in newest(inbox_of(account))[1].lower()
    assert b"bcc: " in newest(box("\\Sent"))[1].lower()


@pytest.mark.parametrize(
    "typed, sentence",
    [
        ("marie@mondomaine", "incomplete"), ("bob", "is not an address"), ("bob@", "what follows"),
        ("nobody@mondomaine.fr", "nobody with the address"), ("karim@elsewhere.example", "does not deliver outside"),
        ("", "Write an address"), ("a b@c.example, bob@mondomaine.fr", ""),
    ],
)  # fmt: skip
def test_a_bad_address_stays_and_says_why_and_nothing_is_sent(
    web: Client, bob: AccountInfo, typed: str, sentence: str
) -> None:
    answer = web.post(SEND, letter(to=typed))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in text
    assert "Error:" in text
    assert "Salut Bob !" in text
    assert listing.list_page(inbox_of(bob).id) == []


def test_one_bad_address_of_several_holds_the_letter_back(web: Client, bob: AccountInfo) -> None:
    text = web.post(SEND, letter(to="bob@mondomaine.fr, x@elsewhere.example")).content.decode()
    assert 'data-bad="x@elsewhere.example&#10;"' in text
    assert listing.list_page(inbox_of(bob).id) == []


def test_header_fields_cannot_be_smuggled_in(web: Client, bob: AccountInfo) -> None:
    web.post(SEND, letter(subject="a\r\nBcc: marie@mondomaine.fr\r\n\r\nbody", to='"x\r\nX-Y: z" <bob@mondomaine.fr>'))
    header = newest(inbox_of(bob))[1].partition(b"\r\n\r\n")[0]
    assert b"\r\nBcc:" not in header
    assert b"\r\nX-Y:" not in header


def test_a_draft_is_a_message_and_is_replaced(web: Client, bob: AccountInfo, box: Callable[[str], MailboxInfo]) -> None:
    first = web.post(SAVE, letter()).json()
    second = web.post(SAVE, letter(draft=first["draft"], subject="Changed", bcc="marie@mondomaine.fr")).json()
    (row,) = listing.list_page(box("\\Drafts").id)
    assert (row.uid, row.subject, row.flags) == (second["draft"], "Changed", flags.SEEN | flags.DRAFT)
    page = web.get(f"/webmail/draft/{row.uid}/").content.decode()
    assert 'value="marie@mondomaine.fr"' in page
    assert "Salut Bob !" in page
    web.post(SEND, letter(draft=row.uid))
    assert listing.list_page(box("\\Drafts").id) == []


def test_a_draft_keeps_an_unfinished_address(web: Client, box: Callable[[str], MailboxInfo]) -> None:
    uid = web.post(SAVE, letter(to="marie@mondomaine, bob@mondomaine.fr")).json()["draft"]
    assert 'value="bob@mondomaine.fr, marie@mondomaine"' in web.get(f"/webmail/draft/{uid}/").content.decode()


def test_without_script_the_draft_is_kept_and_found_again(web: Client, box: Callable[[str], MailboxInfo]) -> None:
    answer = web.post(SEND, letter(do="save"), follow=True)
    assert "Draft saved" in answer.content.decode()
    assert len(listing.list_page(box("\\Drafts").id)) == 1
    assert web.post(SEND, {"do": "save", "text": " "}).status_code == 303
    assert len(listing.list_page(box("\\Drafts").id)) == 1


def test_throwing_a_draft_away_moves_it_to_trash(web: Client, box: Callable[[str], MailboxInfo]) -> None:
    uid = web.post(SAVE, letter()).json()["draft"]
    assert "Moved to Trash" in web.post(SEND, letter(do="discard", draft=uid), follow=True).content.decode()
    assert listing.list_page(box("\\Drafts").id) == []
    assert box("\\Trash").messages == 1


def test_files_stay_with_the_draft_and_can_be_taken_off(
    web: Client, bob: AccountInfo, box: Callable[[str], MailboxInfo]
) -> None:
    files = [
        SimpleUploadedFile("plan é.txt", b"one", "text/plain"),
        SimpleUploadedFile("b.pdf", b"%PDF", "application/pdf"),
    ]
    saved = web.post(SAVE, letter(uploads=files)).json()
    assert [one["name"] for one in saved["files"]] == ["plan é.txt", "b.pdf"]
    kept = saved["files"][0]["token"]
    web.post(SEND, letter(draft=saved["draft"], keep=[kept]))
    row, data = newest(inbox_of(bob))
    assert row.has_attachments
    assert b"%PDF" not in data
    assert b"JVBERg" not in data
    assert b"plan" in data


def test_too_large_files_are_refused_in_words(web: Client, bob: AccountInfo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MAX_ATTACHMENTS", 1000)
    big = SimpleUploadedFile("big.bin", b"x" * 1001)
    assert "too large" in web.post(SAVE, letter(uploads=big)).json()["error"]
    big.seek(0)
    answer = web.post(SEND, letter(uploads=big))
    assert answer.status_code == 422
    assert "too large" in answer.content.decode()
    assert listing.list_page(inbox_of(bob).id) == []


def test_anothers_files_cannot_be_taken_along(
    web: Client, outsider: Client, put: Callable[..., int], inbox: MailboxInfo, html_message: Make
) -> None:
    token = f"{inbox.id}.{put(html_message('x'))}.3"
    assert outsider.post(SEND, letter(to="marie@mondomaine.fr", keep=[token])).status_code == 404
    assert outsider.post(SAVE, letter(keep=[token])).status_code == 404


def test_a_reply_quotes_threads_and_marks_the_original(
    web: Client, bob: AccountInfo, put: Callable[..., int], inbox: MailboxInfo, make_message: Make
) -> None:
    uid = put(make_message("Question", "Why?\r\n", From="Bob Durand <bob@mondomaine.fr>", Message_ID="<q@x>"))
    page = web.get(f"/webmail/folder/{inbox.id}/message/{uid}/reply/write/").content.decode()
    assert "Re: Question" in page
    assert "&gt; Why?" in page
    hidden = dict(re.findall(r'name="(answers|in_reply_to|references)" value="([^"]*)"', page))
    hidden = {name: value.replace("&lt;", "<").replace("&gt;", ">") for name, value in hidden.items()}
    web.post(SEND, letter(**hidden))
    data = newest(inbox_of(bob))[1]
    assert b"In-Reply-To: <q@x>" in data
    assert b"X-Facteur" not in data
    assert listing.list_page(inbox.id)[0].flags & flags.ANSWERED


def test_a_reply_picked_up_from_drafts_still_marks_the_original(
    web: Client, bob: AccountInfo, put: Callable[..., int], inbox: MailboxInfo, make_message: Make
) -> None:
    place = f"{inbox.id}.{put(make_message())}.reply"
    uid = web.post(SAVE, letter(answers=place)).json()["draft"]
    assert place in web.get(f"/webmail/draft/{uid}/").content.decode()


def test_a_forward_takes_the_files_along(
    web: Client, bob: AccountInfo, put: Callable[..., int], inbox: MailboxInfo, html_message: Make
) -> None:
    uid = put(html_message("<p>Hello <b>there</b></p>"))
    page = web.get(f"/webmail/folder/{inbox.id}/message/{uid}/forward/write/").content.decode()
    tokens = [token for token in re.findall(r'name="keep" value="([^"]*)"', page) if token]
    assert len(tokens) == 2
    assert "Hello there" in page
    web.post(SEND, letter(keep=tokens, answers=f"{inbox.id}.{uid}.forward"))
    assert b"JVBERg" in newest(inbox_of(bob))[1]
    assert "$Forwarded" in listing.list_page(inbox.id)[0].keywords


@pytest.mark.parametrize(
    "fields, kind, to, cc",
    [
        (TO_SEVERAL, "reply", "Bob <bob@x.fr>", ""),
        (TO_SEVERAL, "all", "Bob <bob@x.fr>", "c@x.fr, d@x.fr"),
        ({"From": "bob@x.fr", "Reply_To": "list@x.fr", "To": "alice@mondomaine.fr"}, "reply", "list@x.fr", ""),
        ({"From": "alice@mondomaine.fr", "To": "bob@x.fr", "Cc": "c@x.fr"}, "all", "bob@x.fr", "c@x.fr"),
        ({"From": "alice@mondomaine.fr", "To": "bob@x.fr"}, "reply", "bob@x.fr", ""),
    ],
)  # fmt: skip
def test_whom_an_answer_goes_to(
    alice: AccountInfo, put: Callable[..., int], inbox: MailboxInfo, make_message: Make,
    fields: dict[str, str], kind: answers.Kind, to: str, cc: str,
) -> None:  # fmt: skip
    uid = put(make_message(**fields))
    opened = letters.open_message(alice.id, listing.get_message(alice.id, inbox.id, uid))
    start = answers.start(opened, alice.address, kind)
    assert (start.to, start.cc) == (to, cc)


def test_addresses_are_split_outside_quotes() -> None:
    assert recipients.split('"Doe, J" <a@b.c>; d@e.f,\n,g@h.i') == ['"Doe, J" <a@b.c>', "d@e.f", "g@h.i"]


def test_writing_by_get_stores_nothing_and_fills_in(web: Client, box: Callable[[str], MailboxInfo]) -> None:
    assert 'value="x@y.example"' in web.get("/webmail/write/?to=x@y.example").content.decode()
    assert listing.list_page(box("\\Drafts").id) == []
    assert web.get(SEND).status_code == 405
    assert web.get(SAVE).status_code == 405
    assert web.post("/webmail/write/").status_code == 405


def test_forms_without_the_token_are_refused(web: Client, bob: AccountInfo) -> None:
    web.handler.enforce_csrf_checks = True
    assert web.get("/webmail/settings/").status_code == 200
    assert web.post(SEND, letter()).status_code == 403
    assert listing.list_page(inbox_of(bob).id) == []


def test_who_is_signed_out_keeps_what_was_written(client: Client, db: None) -> None:
    answer = client.post("/webmail/write/send/", {"to": "bob@mondomaine.fr", "text": "Three <pages> of text"})
    assert answer.status_code == 403
    assert "Three &lt;pages&gt; of text" in answer.content.decode()


def test_a_page_older_than_the_session_learns_the_new_token(web: Client, client: Client, alice: AccountInfo) -> None:
    assert client.get("/webmail/present/").status_code == 401
    answer = web.get("/webmail/present/")
    assert answer.json()["address"] == alice.address and len(answer.json()["token"]) > 30
    assert "no-store" in answer.headers["Cache-Control"]


def test_more_files_than_a_message_carries_are_refused_and_none_is_dropped(
    web: Client, bob: AccountInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compose_views, "MAX_FILES", 2)
    files = [SimpleUploadedFile(f"{number}.txt", b"x") for number in range(3)]
    answer = web.post("/webmail/write/send/", {"to": bob.address, "uploads": files})
    assert answer.status_code == 422 and "at most 2 files" in answer.content.decode()
    assert listing.list_page(inbox_of(bob).id) == []


def test_a_letter_to_200_people_names_who_cannot_get_it(web: Client, bob: AccountInfo) -> None:
    everybody = ", ".join([bob.address, *(f"nobody{number}@mondomaine.fr" for number in range(199))])
    answer = web.post("/webmail/write/send/", {"to": everybody, "text": "x"})
    assert answer.status_code == 422 and "nobody198@mondomaine.fr" in answer.content.decode()
    assert listing.list_page(inbox_of(bob).id) == []


def test_an_empty_file_is_a_file_too(web: Client, box: Callable[[str], MailboxInfo]) -> None:
    files = [SimpleUploadedFile("empty.txt", b""), SimpleUploadedFile("full.txt", b"x")]
    answer = web.post("/webmail/write/save/", {"subject": "x", "uploads": files})
    assert [one["name"] for one in answer.json()["files"]] == ["empty.txt", "full.txt"]
