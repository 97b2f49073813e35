"""The message list: paging, filters, days, query counts."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from directory.accounts import AccountInfo
from mailstore import append, flags, mailboxes, messages
from mailstore.append import NewMessage
from mailstore.mailboxes import MailboxInfo
from webmail import formats, rows

MakeMessage = Callable[..., bytes]


def fill(mailbox: MailboxInfo, make_message: MakeMessage, count: int, size: int = 500) -> None:
    """count messages, "Number 0" first."""
    for start in range(0, count, size):
        batch = [
            NewMessage(
                make_message(f"Number {number}", Message_ID=f"<{number}@x>"), internal_date=1_700_000_000 + number
            )
            for number in range(start, min(count, start + size))
        ]
        append.append_messages(mailbox.account_id, mailbox.id, batch)


def url(mailbox: MailboxInfo, tail: str = "") -> str:
    return f"/webmail/folder/{mailbox.id}/{tail}"


def test_a_page_has_the_newest_50_and_a_link_to_the_older_ones(
    web: Client, inbox: MailboxInfo, make_message: MakeMessage
) -> None:
    fill(inbox, make_message, 120)
    page = web.get(url(inbox)).content.decode()
    assert page.count('class="row ') == 50
    assert "Number 119" in page
    assert "Number 69" not in page
    seen, at = set(), url(inbox)
    for _ in range(3):
        text = web.get(at).content.decode()
        seen |= {number for number in range(120) if f">Number {number}<" in text}
        at = text.partition("data-older")[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    assert seen == set(range(120))


def test_the_older_part_continues_under_the_same_day(
    web: Client, inbox: MailboxInfo, make_message: MakeMessage
) -> None:
    fill(inbox, make_message, 60)
    head = formats.day_head(1_700_000_000)
    part = web.get(
        url(inbox, f"?before=1700000010.11&day={head}"), headers={"HX-Request": "true", "HX-Target": "older"}
    )
    text = part.content.decode()
    assert text.count('class="row ') == 10
    assert "rows-head" not in text
    assert "<html" not in text


def test_filters_show_unread_starred_and_with_files(
    web: Client, put: Callable[..., int], inbox: MailboxInfo, make_message: MakeMessage, html_message: MakeMessage
) -> None:
    put(make_message("Read"), flags=flags.SEEN)
    put(make_message("Unread"))
    put(make_message("Starred"), flags=flags.SEEN | flags.FLAGGED)
    put(html_message("<p>x"), flags=flags.SEEN)
    for show, only in (("unread", "Unread"), ("flagged", "Starred"), ("attachments", "HTML")):
        text = web.get(url(inbox, f"?show={show}")).content.decode()
        assert text.count('class="row ') + text.count('class="row"') == 1, show
        assert f">{only}<" in text
    assert web.get(url(inbox, "?show=nonsense")).status_code == 200


def test_an_empty_folder_says_what_comes_here(web: Client, inbox: MailboxInfo) -> None:
    assert "New mail appears here by itself" in web.get(url(inbox)).content.decode()
    assert "No message matches" in web.get(url(inbox, "?show=unread")).content.decode()


def test_anothers_folder_does_not_exist(outsider: Client, inbox: MailboxInfo) -> None:
    assert outsider.get(url(inbox)).status_code == 404


def test_the_list_is_only_read(web: Client, inbox: MailboxInfo) -> None:
    assert web.post(url(inbox)).status_code == 405


def test_the_home_page_is_the_inbox(web: Client, inbox: MailboxInfo) -> None:
    assert web.get("/webmail/")["Location"] == url(inbox)


def test_hostile_subjects_and_names_are_text(
    web: Client, put: Callable[..., int], inbox: MailboxInfo, make_message: MakeMessage
) -> None:
    put(make_message("<script>alert(1)</script>", From='"<img src=x onerror=alert(1)>" <x@y.example>'))
    text = web.get(url(inbox)).content.decode()
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "&lt;script&gt;" in text


def test_the_number_of_queries_does_not_grow_with_the_rows(
    web: Client, inbox: MailboxInfo, make_message: MakeMessage, django_assert_max_num_queries: Callable[..., object]
) -> None:
    fill(inbox, make_message, 2)
    with CaptureQueriesContext(
        connection,
    ) as few:
        web.get(url(inbox))
    fill(inbox, make_message, 200)
    with CaptureQueriesContext(connection) as many:
        web.get(url(inbox))
    assert len(many) <= len(few) <= 9


def test_a_folder_of_10000_opens_anywhere(web: Client, inbox: MailboxInfo, make_message: MakeMessage) -> None:
    fill(inbox, make_message, 10_000, size=2000)
    web.get(url(inbox))  # templates are compiled once
    text = web.get(url(inbox)).content.decode()
    middle = web.get(url(inbox, "?before=1700004999.5000")).content.decode()
    assert "Number 9999" in text
    assert "Number 4998" in middle


def test_the_update_for_htmx_has_list_folders_and_title_only(
    web: Client, put: Callable[..., int], inbox: MailboxInfo, make_message: MakeMessage
) -> None:
    put(make_message("Fresh"))
    answer = web.get(url(inbox), headers={"HX-Request": "true", "HX-Target": "list-body"}).content.decode()
    assert "<html" not in answer
    for name in ("list-body", "list-title", "folder-list"):
        assert f'id="{name}" hx-swap-oob="true"' in answer
    assert "Inbox (1)" in answer


def test_sent_mail_shows_whom_it_went_to(
    web: Client, alice: AccountInfo, box: Callable[[str], MailboxInfo], make_message: MakeMessage
) -> None:
    append.append_messages(
        alice.id, box("\\Sent").id, [NewMessage(make_message("Out", To="Bob Durand <bob@x.example>"))]
    )
    text = web.get(url(box("\\Sent"))).content.decode()
    assert "To:" in text
    assert "Bob Durand" in text


def test_mail_that_comes_in_late_stands_under_the_head_of_its_own_date(
    alice: AccountInfo, inbox: MailboxInfo, make_message: MakeMessage
) -> None:
    for date in (1_700_000_000, 1_600_000_000, 1_700_500_000):
        append.append_messages(alice.id, inbox.id, [NewMessage(make_message(), internal_date=date)])
    page = rows.load(rows.Where(mailboxes.get_mailbox(alice.id, "INBOX")))
    assert [day.head for day in page.days] == ["November 2023", "September 2020"]
    assert [row.key for day in page.days for row in day.rows] == ["3", "1", "2"]


def test_the_open_message_stays_under_the_filter_that_it_has_left(
    web: Client, alice: AccountInfo, inbox: MailboxInfo, make_message: MakeMessage
) -> None:
    fill(inbox, make_message, 3)
    messages.store_flags(alice.id, inbox.id, [2], "add", flags.SEEN)
    part = {"HX-Request": "true", "HX-Target": "none"}
    read = web.get(url(inbox, "?show=unread&open=2"), headers=part).content.decode()
    assert [read.find(f'id="row-{uid}"') for uid in (3, 2, 1)] == sorted(read.find(f'id="row-{u}"') for u in (3, 2, 1))
    assert 'id="row-2"' in read
    assert 'id="row-2"' not in web.get(url(inbox, "?show=unread"), headers=part).content.decode()


@pytest.mark.parametrize("nonsense", ["x", "5", "1.x", "9" * 40 + ".1", "-5.3"])
def test_an_odd_place_shows_a_page_all_the_same(web: Client, inbox: MailboxInfo, nonsense: str) -> None:
    assert web.get(url(inbox, f"?before={nonsense}")).status_code == 200


@pytest.mark.parametrize(
    "octets, text", [(0, "0 B"), (412_000, "402 KB"), (5 * 1024**3, "5 GB"), (1_600_000, "1.5 MB")]
)
def test_sizes_are_short(octets: int, text: str) -> None:
    assert formats.size(octets).replace("\u00a0", " ") == text


def test_deleted_everywhere_means_gone_from_the_list(
    web: Client, alice: AccountInfo, put: Callable[..., int], inbox: MailboxInfo, make_message: MakeMessage
) -> None:
    uid = put(make_message("Gone"))
    messages.delete_messages(alice.id, inbox.id, [uid])
    assert "Gone" not in web.get(url(inbox)).content.decode()
