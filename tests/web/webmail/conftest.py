"""alice is signed in; bob has mailboxes of his own; marie is the outsider."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, RequestFactory

from directory.accounts import AccountInfo
from mailstore import append, mailboxes
from mailstore.append import NewMessage
from mailstore.mailboxes import MailboxInfo
from security.web import log_in

NOON = 1_704_110_400  # 1 January 2024, 12:00 UTC


@pytest.fixture
def sign_in() -> Callable[[AccountInfo], Client]:
    """sign_in(account): a browser with a session of that account."""

    def make(account: AccountInfo) -> Client:
        client = Client()
        request = RequestFactory().get("/")
        request.session = client.session
        log_in(request, account)
        request.session.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key
        return client

    return make


@pytest.fixture
def web(alice: AccountInfo, sign_in: Callable[[AccountInfo], Client]) -> Client:
    """alice's browser."""
    return sign_in(alice)


@pytest.fixture
def outsider(marie: AccountInfo, sign_in: Callable[[AccountInfo], Client]) -> Client:
    """marie's browser."""
    return sign_in(marie)


@pytest.fixture
def put(alice: AccountInfo, inbox: MailboxInfo) -> Callable[..., int]:
    """put(data, flags=0): a message into alice's inbox; its UID."""

    def make(data: bytes, **values: Any) -> int:
        return append.append_messages(alice.id, inbox.id, [NewMessage(data, **values)]).uids[0]

    return make


@pytest.fixture
def box(alice: AccountInfo) -> Callable[[str], MailboxInfo]:
    """box("\\\\Trash") or box("INBOX"): alice's mailbox as it is now."""

    def find(name: str) -> MailboxInfo:
        found = mailboxes.find_special(alice.id, name) if name.startswith("\\") else None
        return found or mailboxes.get_mailbox(alice.id, name)

    return find


@pytest.fixture
def html_message() -> Callable[..., bytes]:
    """html_message(html): multipart/mixed of an HTML part, an inline picture (cid:logo@x) and a PDF."""

    def make(html: str, extra: str = "") -> bytes:
        text = (
            "From: Bob Durand <bob@mondomaine.fr>\r\nTo: alice@mondomaine.fr\r\nSubject: HTML\r\n"
            "Message-ID: <html@x>\r\nDate: Mon, 01 Jan 2024 12:00:00 +0000\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
            f"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n"
            "--b\r\nContent-Type: image/png\r\nContent-ID: <logo@x>\r\n"
            "Content-Disposition: inline; filename=logo.png\r\n"
            "Content-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n"
            "--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; "
            "filename*=utf-8''plan%20annot%C3%A9.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERg==\r\n"
            f"{extra}--b--\r\n"
        )
        return text.encode()

    return make
