"""The insides of a message: frames, pictures, downloads, the source."""

import io
import zipfile
from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.test import Client

from mailstore.mailboxes import MailboxInfo
from webmail import images, letters

Make = Callable[..., bytes]


def base(inbox: MailboxInfo, uid: int) -> str:
    return f"/webmail/folder/{inbox.id}/message/{uid}/"


def attached(kind: str, name: str, text: str) -> str:
    """One more part for html_message."""
    return f"--b\r\nContent-Type: {kind}\r\nContent-Disposition: attachment; {name}\r\n\r\n{text}\r\n"


def test_the_frames_document_forbids_scripts_by_its_own_policy(
    web: Client, put: Callable[..., int], inbox: MailboxInfo, html_message: Make
) -> None:
    uid = put(html_message('<p onclick=x()>Hi<img src="cid:logo@x"><img src="http://t.example/x.gif"></p>'))
    answer = web.get(base(inbox, uid) + "body/1/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "allow-scripts" not in policy
    assert "sandbox" in policy
    assert "script" not in policy
    text = answer.content.decode()
    assert "onclick" not in text
    assert "t.example" not in text
    assert f'src="{base(inbox, uid)}inline/2/"' in text


def test_with_images_the_remote_ones_go_through_us(
    web: Client, put: Callable[..., int], inbox: MailboxInfo, html_message: Make
) -> None:
    uid = put(html_message('<img src="http://t.example/x.gif">'))
    text = web.get(base(inbox, uid) + "body/1/?images=1").content.decode()
    assert 'src="/webmail/image/?u=http%3A%2F%2Ft.example' in text
    assert 'src="http' not in text


def test_an_inline_picture_is_served_as_what_it_is(
    web: Client, put: Callable[..., int], inbox: MailboxInfo, html_message: Make
) -> None:
    uid = put(html_message("x"))
    answer = web.get(base(inbox, uid) + "inline/2/")
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.content.startswith(b"\x89PNG")
    assert web.get(base(inbox, uid) + "inline/3/").status_code == 404
    assert web.get(base(inbox, uid) + "inline/1/").status_code == 404


def test_an_attachment_is_a_download_with_its_name(
    web: Client, put: Callable[..., int], inbox: MailboxInfo, html_message: Make
) -> None:
    uid = put(html_message("x"))
    answer = web.get(base(inbox, uid) + "file/3/")
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''plan%20annot%C3%A9.pdf"
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content == b"%PDF"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert web.get(base(inbox, uid) + "file/9/").status_code == 404


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "text/javascript"])
def test_what_a_browser_could_run_is_saved_as_bytes(
    web: Client, put: Callable[..., int], inbox: MailboxInfo, html_message: Make, kind: str
) -> None:
    extra = attached(kind, "filename=x", "<svg onload=alert(1)>")
    uid = put(html_message("x", extra))
    answer = web.get(base(inbox, uid) + "file/4/")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("name", ["../../etc/passwd", 'a"b\r\nX: y', "..", "\u202egnp.exe", "C:\\x\\y.doc", ""])
def test_names_of_files_have_no_folders_and_no_controls(
    web: Client, put: Callable[..., int], inbox: MailboxInfo, html_message: Make, name: str
) -> None:
    extra = attached("text/x", f"filename*=utf-8''{quote(name, safe='')}", "x")
    answer = web.get(base(inbox, put(html_message("x", extra))) + "file/4/")
    given = answer["Content-Disposition"]
    assert answer.status_code == 200
    assert not any(bad in given for bad in ("/etc", "..", "\r", "\n", "%E2%80%AE", "%0D", "C:"))


def test_all_files_come_as_one_zip_with_different_names(
    web: Client, put: Callable[..., int], inbox: MailboxInfo, html_message: Make
) -> None:
    twin = attached("application/pdf", "filename*=utf-8''plan%20annot%C3%A9.pdf", "other")
    answer = web.get(base(inbox, put(html_message("x", twin))) + "files.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert sorted(archive.namelist()) == ["logo.png", "plan annoté (2).pdf", "plan annoté.pdf"]
        assert archive.read("plan annoté.pdf") == b"%PDF"
    assert answer["Content-Disposition"] == 'attachment; filename="HTML.zip"'


def test_the_source_is_the_message_byte_for_byte(
    web: Client, put: Callable[..., int], inbox: MailboxInfo, make_message: Make
) -> None:
    data = make_message("Source", "<script>alert(1)</script>\r\n")
    uid = put(data)
    shown = web.get(base(inbox, uid) + "source/")
    assert shown.content == data
    assert shown["Content-Type"] == "text/plain; charset=utf-8"
    saved = web.get(base(inbox, uid) + "source/?download=1")
    assert saved.content == data
    assert saved["Content-Disposition"] == 'attachment; filename="Source.eml"'


def test_a_remote_picture_needs_our_signature_for_this_account(
    web: Client, alice: object, monkeypatch: pytest.MonkeyPatch, outsider: Client
) -> None:
    monkeypatch.setattr(images, "fetch", lambda url: images.Picture("image/png", url.encode()))
    address = letters.proxy_for(alice.id)("http://t.example/x.png")  # type: ignore[attr-defined]
    answer = web.get(address)
    assert answer.content == b"http://t.example/x.png"
    assert answer["Content-Type"] == "image/png"
    assert outsider.get(address).status_code == 404
    assert web.get("/webmail/image/?u=http://t.example/x.png").status_code == 404


def test_parts_are_only_read(web: Client, put: Callable[..., int], inbox: MailboxInfo, html_message: Make) -> None:
    uid = put(html_message("x"))
    for tail in ("body/1/", "inline/2/", "file/3/", "files.zip", "source/"):
        assert web.post(base(inbox, uid) + tail).status_code == 405, tail
