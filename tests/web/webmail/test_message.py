"""The reading pane."""

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mailstore import flags, listing
from mailstore.mailboxes import MailboxInfo

Make = Callable[..., bytes]
PART = {"HX-Request": "true", "HX-Target": "reader"}


def url(inbox: MailboxInfo, uid: int, tail: str = "") -> str:
    return f"/webmail/folder/{inbox.id}/message/{uid}/{tail}"


def test_a_text_message_is_shown_with_links_and_its_quote_folded(
    web: Client, put: Callable[..., int], inbox: MailboxInfo, make_message: Make
) -> None:
    uid = put(make_message("Plan", "See https://example.org/a?b=1&c=2.\r\n\r\nBob wrote this:\r\n> old <b>\r\n"))
    text = web.get(url(inbox, uid)).content.decode()
    assert 'href="https://example.org/a?b=1&amp;c=2"' in text
    assert '<details class="quoted">' in text
    assert "old &lt;b&gt;" in text


def test_reading_by_get_changes_nothing_and_the_page_posts_the_mark(
    web: Client, put: Callable[..., int], inbox: MailboxInfo, make_message: Make
) -> None:
    uid = put(make_message())
    text = web.get(url(inbox, uid)).content.decode()
    assert not listing.list_page(inbox.id)[0].flags & flags.SEEN
    assert f'name="do" value="read.{uid}"' in text


def test_htmx_gets_the_pane_alone_with_a_title(
    web: Client, put: Callable[..., int], inbox: MailboxInfo, make_message: Make
) -> None:
    uid = put(make_message("Only this"))
    text = web.get(url(inbox, uid), headers=PART).content.decode()
    assert text.lstrip().startswith("<title>Only this · alice@mondomaine.fr")
    assert "<html" not in text


def test_html_stands_in_a_sandboxed_frame_without_scripts(
    web: Client, put: Callable[..., int], inbox: MailboxInfo, html_message: Make
) -> None:
    uid = put(html_message("<p>Bonjour</p><img src='http://tracker.example/x.gif'><script>alert(1)</script>"))
    text = web.get(url(inbox, uid)).content.decode()
    assert "Bonjour</p>" not in text.replace('row-preview">Bonjour', "")
    assert 'sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"' in text
    assert "allow-scripts" not in text
    assert "1 remote image not loaded" in text
    assert "Load images" in text
    assert "remote image" not in web.get(url(inbox, uid, "?images=1")).content.decode()


def test_files_are_listed_and_inline_pictures_are_not(
    web: Client, put: Callable[..., int], inbox: MailboxInfo, html_message: Make
) -> None:
    uid = put(html_message('<img src="cid:logo@x">'))
    text = web.get(url(inbox, uid)).content.decode()
    assert "plan annoté.pdf" in text
    assert "logo.png" not in text
    assert "logo.png" in web.get(url(inbox, put(html_message("no picture")))).content.decode()


def test_another_accounts_message_does_not_exist(
    outsider: Client, put: Callable[..., int], inbox: MailboxInfo, make_message: Make
) -> None:
    uid = put(make_message())
    for tail in ("", "source/", "file/1/", "body/1/", "inline/1/", "files.zip", "reply/write/"):
        assert outsider.get(url(inbox, uid, tail)).status_code == 404, tail


def test_a_message_that_is_gone_is_404_and_post_is_refused(web: Client, inbox: MailboxInfo) -> None:
    assert web.get(url(inbox, 999)).status_code == 404
    assert web.post(url(inbox, 999)).status_code == 405


def test_the_way_is_told_by_our_own_received_field(
    web: Client, put: Callable[..., int], inbox: MailboxInfo, make_message: Make
) -> None:
    over_tls = put(b"Received: from a by b with ESMTPS id 1; date\r\n" + make_message())
    in_clear = put(b"Received: from a by b with ESMTP id 1; date\r\n" + make_message())
    assert "over an encrypted connection" in web.get(url(inbox, over_tls)).content.decode()
    assert "could be read on the way" in web.get(url(inbox, in_clear)).content.decode()


def test_newer_and_older_follow_the_filter(
    web: Client, put: Callable[..., int], inbox: MailboxInfo, make_message: Make
) -> None:
    first = put(make_message("1"), flags=flags.FLAGGED)
    put(make_message("2"))
    last = put(make_message("3"), flags=flags.FLAGGED)
    text = web.get(url(inbox, last, "?show=flagged"), headers=PART).content.decode()
    assert f'{url(inbox, first, "?show=flagged")}"' in text


def test_queries_of_a_message_do_not_depend_on_its_files(
    web: Client, put: Callable[..., int], inbox: MailboxInfo, make_message: Make, html_message: Make
) -> None:
    counts = []
    more = "".join(
        f"--b\r\nContent-Type: application/x\r\nContent-Disposition: attachment; filename=f{n}\r\n\r\nx\r\n"
        for n in range(30)
    )
    for uid in (put(make_message()), put(html_message("<p>x", more))):
        with CaptureQueriesContext(connection) as queries:
            assert web.get(url(inbox, uid)).status_code == 200
        counts.append(len(queries))
    assert counts[1] <= counts[0] <= 14


def test_broken_messages_can_be_opened(web: Client, put: Callable[..., int], inbox: MailboxInfo) -> None:
    for data in (
        b"",
        b"\r\n\r\n",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x",
        b"\xff\xfe: \x00\r\n\r\n\x00\xff",
    ):
        assert web.get(url(inbox, put(data))).status_code == 200, data
