"""The user's settings and password."""

import pytest
from django.test import Client

from directory import accounts, domains
from directory.accounts import AccountInfo
from mailstore import accounts as mail_accounts

URL, PASSWORD = "/webmail/settings/", "/webmail/settings/password/"


def test_name_and_language_belong_to_the_account(web: Client, alice: AccountInfo) -> None:
    assert web.post(URL, {"form": "account", "display_name": "Alice M", "language": "fr"}).status_code == 303
    changed = accounts.get_account(alice.id)
    assert (changed.display_name, changed.language) == ("Alice M", "fr")
    assert '<html lang="fr"' in web.get(URL, headers={"Accept-Language": "en"}).content.decode()


def test_bad_values_come_back_at_their_fields(web: Client, alice: AccountInfo) -> None:
    answer = web.post(URL, {"form": "account", "display_name": "x" * 201, "language": "xx"})
    assert answer.status_code == 422
    assert accounts.get_account(alice.id).display_name == alice.display_name


def test_theme_density_and_keys_belong_to_the_device(web: Client) -> None:
    web.post(URL, {"form": "look", "theme": "dark", "density": "compact"})
    text = web.get(URL).content.decode()
    assert 'data-theme="dark" data-density="compact" data-keys="off"' in text
    web.post(URL, {"form": "look", "theme": "nonsense", "keys": "on"})
    assert 'data-theme="dark"' in web.get(URL).content.decode()
    web.cookies["facteur_look"] = '"><script>.x.y'
    assert "<script>.x" not in web.get(URL).content.decode()


@pytest.fixture
def carol(client: Client, db: None) -> AccountInfo:
    domains.create_domain("mondomaine.fr")
    account = mail_accounts.create_account("carol@mondomaine.fr", "the old passphrase")
    client.post("/webmail/login/", {"address": account.address, "password": "the old passphrase"})
    return account


def test_the_password_is_changed_behind_the_current_one(client: Client, carol: AccountInfo) -> None:
    form = {"current": "the old passphrase", "new": "the new passphrase", "again": "the new passphrase"}
    assert client.post(PASSWORD, form).status_code == 303
    assert client.get(URL).status_code == 200, "this session goes on"
    other = Client()
    login = {"address": carol.address, "password": "the new passphrase"}
    assert other.post("/webmail/login/", login | {"password": "the old passphrase"}).status_code == 422
    assert other.post("/webmail/login/", login).status_code == 302


@pytest.mark.parametrize(
    "change, field",
    [({"current": "wrong"}, "current"), ({"again": "different"}, "again"), ({"new": "", "again": ""}, "new")],
)
def test_a_refused_password_changes_nothing(
    client: Client, carol: AccountInfo, change: dict[str, str], field: str
) -> None:
    form = {"current": "the old passphrase", "new": "the new passphrase", "again": "the new passphrase"} | change
    answer = client.post(PASSWORD, form)
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert Client().post(
        "/webmail/login/", {"address": carol.address, "password": "the old passphrase"}
    ).status_code == 302  # fmt: skip
