"""Signing in and out at /webmail/login/."""

from collections.abc import Callable

import pytest
from django.test import Client

from directory import accounts as directory_accounts
from directory import domains
from directory.accounts import AccountInfo
from mailstore import accounts

URL = "/webmail/login/"


@pytest.fixture
def carol(db: None) -> AccountInfo:
    domains.create_domain("mondomaine.fr")
    return accounts.create_account("carol@mondomaine.fr", "a good passphrase")


def test_the_right_password_leads_to_the_inbox_under_a_new_session_key(client: Client, carol: AccountInfo) -> None:
    client.get(URL)
    before = client.session.session_key
    answer = client.post(URL, {"address": "carol@mondomaine.fr", "password": "a good passphrase"}, follow=True)
    assert answer.status_code == 200
    assert "Inbox" in answer.content.decode()
    assert client.session.session_key != before


def test_a_wrong_password_and_an_unknown_address_get_the_same_sentence(client: Client, carol: AccountInfo) -> None:
    for address in ("carol@mondomaine.fr", "nobody@mondomaine.fr"):
        answer = client.post(URL, {"address": address, "password": "wrong"})
        assert answer.status_code == 422
        assert "do not go together" in answer.content.decode()
        assert "facteur_session" not in answer.cookies or not client.session.get("account_id")


def test_an_empty_form_says_so_at_its_fields(client: Client, carol: AccountInfo) -> None:
    answer = client.post(URL, {})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()


def test_many_wrong_passwords_are_throttled_with_a_waiting_time(client: Client, carol: AccountInfo) -> None:
    for number in range(60):
        answer = client.post(URL, {"address": "carol@mondomaine.fr", "password": f"wrong {number}"})
        if "Too many attempts" in answer.content.decode():
            break
    assert "Too many attempts" in answer.content.decode()
    assert "minute" in answer.content.decode()


def test_stay_signed_in_keeps_the_session_and_otherwise_the_browser_ends_it(client: Client, carol: AccountInfo) -> None:
    form = {"address": "carol@mondomaine.fr", "password": "a good passphrase"}
    client.post(URL, form)
    assert client.session.get_expire_at_browser_close()
    client.post("/webmail/logout/")
    client.post(URL, form | {"stay": "on"})
    assert not client.session.get_expire_at_browser_close()


def test_next_leads_only_to_pages_of_this_server(client: Client, carol: AccountInfo) -> None:
    form = {"address": "carol@mondomaine.fr", "password": "a good passphrase"}
    assert client.post(URL, form | {"next": "/webmail/settings/"})["Location"] == "/webmail/settings/"
    client.post("/webmail/logout/")
    assert client.post(URL, form | {"next": "https://evil.example/"})["Location"] == "/webmail/"
    client.post("/webmail/logout/")
    assert client.post(URL, form | {"next": "//evil.example/"})["Location"] == "/webmail/"


def test_signing_out_ends_the_session_and_wants_a_post(web: Client) -> None:
    assert web.get("/webmail/logout/").status_code == 405
    assert web.post("/webmail/logout/")["Location"] == URL
    assert web.get("/webmail/settings/")["Location"].startswith(URL)


def test_the_page_says_that_a_clear_connection_is_clear(client: Client, db: None) -> None:
    assert "travels in clear" in client.get(URL).content.decode()
    assert "does not travel in clear" in client.get(URL, secure=True).content.decode()


def test_the_language_is_chosen_here_and_else_the_browsers(client: Client, db: None) -> None:
    french = client.get(URL, headers={"Accept-Language": "fr-FR,fr;q=0.9"})
    assert '<html lang="fr"' in french.content.decode()
    client.post("/webmail/language/", {"language": "en", "next": URL})
    assert '<html lang="en"' in client.get(URL, headers={"Accept-Language": "fr"}).content.decode()


@pytest.mark.parametrize("path", ["", "settings/", "write/", "folders/new/", "folder/1/", "folder/1/message/1/"])
def test_every_page_wants_a_login_and_comes_back_behind_it(client: Client, db: None, path: str) -> None:
    answer = client.get(f"/webmail/{path}")
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"{URL}?next=/webmail/")


def test_a_change_of_the_account_ends_its_sessions(
    web: Client, alice: AccountInfo, sign_in: Callable[[AccountInfo], Client]
) -> None:
    directory_accounts.update_account(alice.id, is_enabled=False)
    assert web.get("/webmail/settings/").status_code == 302
