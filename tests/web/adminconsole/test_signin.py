"""Signing in to the console."""

import pytest
from django.test import Client

from directory import accounts
from security import policy_changes
from security.throttle import PAIR_LIMIT
from tests.web.adminconsole.conftest import PASSWORD, sign_in


def test_an_administrator_comes_in_and_goes_out(admin, last_record):
    client = sign_in(admin.address)
    assert client.get("/admin/").status_code == 200
    answer = client.post("/admin/logout/")
    assert answer["Location"] == "/admin/login/"
    assert last_record().action == "sign out"
    assert client.get("/admin/").status_code == 302


def test_a_bare_name_belongs_to_the_primary_domain(admin):
    assert sign_in("admin").get("/admin/").status_code == 200


def test_the_way_back_is_a_page_of_this_site(admin):
    client = Client()
    form = {"address": admin.address, "password": PASSWORD}
    assert client.post("/admin/login/", form | {"next": "/admin/services/"})["Location"] == "/admin/services/"
    assert client.post("/admin/login/", form | {"next": "https://evil.example/"})["Location"] == "/admin/"
    assert client.post("/admin/login/", form | {"next": "//evil.example/"})["Location"] == "/admin/"


@pytest.mark.parametrize(
    "form", [{"address": "admin@mondomaine.fr", "password": "non"}, {"address": "x@y", "password": "z"}]
)
def test_a_wrong_password_and_an_unknown_name_get_the_same_words(admin, form):
    answer = Client().post("/admin/login/", form)
    assert answer.status_code == 422
    assert "do not go together" in answer.content.decode()
    assert answer.content.decode().count('aria-invalid="true"') == 1


def test_an_empty_form_names_its_fields(admin):
    answer = Client().post("/admin/login/", {"address": "", "password": ""})
    assert answer.status_code == 422
    assert answer.content.decode().count('aria-invalid="true"') == 2
    assert "<title>Error:" in answer.content.decode()


def test_an_account_without_rights_is_told_so_and_stays_outside(admin, alice):
    client = Client()
    answer = client.post("/admin/login/", {"address": alice.address, "password": PASSWORD})
    assert answer.status_code == 422
    assert "may not open the console" in answer.content.decode()
    assert client.get("/admin/").status_code == 302


def test_a_disabled_administrator_is_a_stranger(admin, alice):
    accounts.update_account(alice.id, is_admin=True, is_enabled=False)
    answer = Client().post("/admin/login/", {"address": alice.address, "password": PASSWORD})
    assert answer.status_code == 422
    assert "do not go together" in answer.content.decode()


def test_the_throttle_holds_here_too(admin, db):
    client = Client()
    for number in range(PAIR_LIMIT):
        client.post("/admin/login/", {"address": "ghost@mondomaine.fr", "password": f"{number}"})
    answer = client.post("/admin/login/", {"address": "ghost@mondomaine.fr", "password": "last"})
    assert answer.status_code == 422
    assert "Too many attempts" in answer.content.decode()


def test_losing_the_rights_ends_the_session(admin, alice, console):
    accounts.update_account(alice.id, is_admin=True)
    second = sign_in(alice.address)
    accounts.update_account(alice.id, is_admin=False)
    assert second.get("/admin/").status_code == 302
    assert console.get("/admin/").status_code == 200


def test_a_strict_policy_leads_the_page_to_https(admin):
    policy_changes.set_level(1)
    answer = Client().get("/admin/login/")
    assert answer.status_code == 307
    assert answer["Location"].startswith("https://")
    secure = Client().post("/admin/login/", {"address": admin.address, "password": PASSWORD}, secure=True)
    assert secure.status_code == 302
