"""Addresses that no page of ours makes: numbers too long, keys of others, pages out of a cache."""

import pytest
from django.test import Client

from mailstore.mailboxes import MailboxInfo

LONG = "9" * 25
FITTING = "9" * 17


@pytest.mark.parametrize("key", [LONG, FITTING, "0", "-1", "1e3"])
@pytest.mark.parametrize(
    "path",
    [
        "folder/{}/", "folder/{}/rename/", "folder/{}/act/", "draft/{}/", "folder/1/message/{}/",
        "folder/1/message/{}/source/", "folder/1/message/{}/files.zip", "folder/1/message/{}/reply/write/",
        "folder/1/message/{}/body/1/", "folder/1/message/{}/file/1/",
    ],
)  # fmt: skip
def test_no_such_thing_is_a_404(web: Client, path: str, key: str) -> None:
    assert web.get(f"/webmail/{path.format(key)}").status_code in (404, 405)


@pytest.mark.parametrize("path", ["accounts/{}/", "aliases/{}/", "groups/{}/", "certificates/{}/chain.pem"])
def test_the_console_has_no_such_thing_either(admin_account, sign_in, path: str) -> None:
    assert sign_in(admin_account).get(f"/admin/{path.format(LONG)}").status_code == 404


@pytest.mark.parametrize("path", ["accounts/?q=", "accounts/?domain=", "aliases/?q=", "audit/?actor=", "audit/?page="])
def test_the_console_looks_for_odd_words(admin_account, sign_in, path: str) -> None:
    for word in ("%00", "%25", "%F0%9F%98%80", LONG):
        assert sign_in(admin_account).get(f"/admin/{path}{word}").status_code == 200


def test_pages_of_the_signed_in_are_not_kept_by_the_browser(web: Client, inbox: MailboxInfo) -> None:
    for path in (f"folder/{inbox.id}/", "settings/", "write/"):
        assert "no-store" in web.get(f"/webmail/{path}").headers["Cache-Control"]


def test_a_form_without_a_token_gets_a_page_of_ours(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post("/webmail/login/", {"address": "x", "password": "y"})
    assert answer.status_code == 403
    assert "This page was open too long" in answer.content.decode()
