"""Accounts: the list, creating, changing, disabling, deleting."""

import time

import pytest
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from directory import accounts, aliases, domains
from directory.models import Account, Domain
from mailstore import append, mailboxes, quota
from protocols.sasl import PasswordProof
from security.authentication import authenticate
from security.doors import Door
from security.errors import AuthenticationFailed
from tests.web.adminconsole.conftest import PASSWORD, sign_in

NEW = {
    "display_name": "Marie Castel",
    "localpart": "marie",
    "domain": "mondomaine.fr",
    "language": "fr",
    "password": "user3",
    "quota": "2,5",
    "quota_messages": "",
    "aliases": "m.castel@mondomaine.fr\ncontact@mondomaine.fr\n",
}


def edit_form(**changes: str) -> dict[str, str]:
    form = {"display_name": "Bob", "language": "", "quota": "", "quota_messages": "", "password": "", "aliases": ""}
    return form | changes


def deliver(account_id: int, octets: int = 0) -> None:
    data = b"Subject: Salut\r\n\r\nBonjour\r\n" + b"x" * octets
    inbox = mailboxes.get_mailbox(account_id, "INBOX")
    append.append_messages(account_id, inbox.id, [append.NewMessage(data)])


def can_enter(address: str, password: str) -> bool:
    try:
        authenticate(PasswordProof(address, "", password), Door("imap", "192.0.2.1"))
    except AuthenticationFailed:
        return False
    return True


def many(count: int) -> None:
    """Accounts by the thousand, made without their mailboxes: only the list is looked at."""
    domain = Domain.objects.get(name="mondomaine.fr")
    now = int(time.time())
    Account.objects.bulk_create(
        Account(
            address=f"eleve{number:05}@mondomaine.fr",
            display_name=f"Élève {number}",
            domain=domain,
            created_at=now,
            password=UNUSABLE_PASSWORD_PREFIX,
        )
        for number in range(count)
    )


def test_creating(console, last_record):
    answer = console.post("/admin/accounts/new/", NEW, follow=True)
    assert "marie@mondomaine.fr can sign in now" in answer.content.decode()
    marie = accounts.find_account("marie@mondomaine.fr")
    assert (marie.display_name, marie.language, marie.quota_bytes) == ("Marie Castel", "fr", int(2.5 * 1024**3))
    assert not marie.is_admin
    assert len(mailboxes.list_mailboxes(marie.id)) == 6
    assert [alias.address for alias in aliases.list_aliases()] == ["contact@mondomaine.fr", "m.castel@mondomaine.fr"]
    assert can_enter("marie", "user3")
    assert (last_record().action, last_record().detail) == ("account.create", "marie@mondomaine.fr")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"localpart": ""}, "id_localpart"),
        ({"localpart": "alice"}, "id_localpart"),
        ({"localpart": "marie@mondomaine.fr"}, "id_localpart"),
        ({"localpart": "ma rie"}, "id_localpart"),
        ({"domain": "ailleurs.example"}, "id_domain"),
        ({"password": ""}, "id_password"),
        ({"password": "abc"}, "id_password"),
        ({"quota": "beaucoup"}, "id_quota"),
        ({"quota": "-1"}, "id_quota"),
        ({"quota_messages": "1.5"}, "id_quota_messages"),
        ({"aliases": "alice@mondomaine.fr"}, "form"),
        ({"aliases": "x@ailleurs.example"}, "form"),
    ],
)
def test_a_bad_field_comes_back_and_nothing_is_made(console, alice, change, field):
    domains.create_domain("second.example")
    answer = console.post("/admin/accounts/new/", NEW | change)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Not saved." in page
    assert f'href="#{field}"' in page or (field == "form" and change["aliases"] in page)
    assert accounts.find_account("marie@mondomaine.fr") is None
    assert aliases.list_aliases() == []


def test_changing(console, bob, last_record):
    aliases.create_alias("old@mondomaine.fr", bob.address)
    form = edit_form(
        display_name="Bob Lefèvre", language="en", quota="1", quota_messages="500", aliases="new@mondomaine.fr"
    )
    assert console.post(f"/admin/accounts/{bob.id}/", form).status_code == 302
    changed = accounts.get_account(bob.id)
    assert (changed.display_name, changed.language, changed.quota_bytes) == ("Bob Lefèvre", "en", 1024**3)
    assert changed.quota_messages == 500
    assert [alias.address for alias in aliases.list_aliases()] == ["new@mondomaine.fr"]
    assert can_enter(bob.address, PASSWORD)
    assert last_record().detail.startswith("bob@mondomaine.fr: display_name, language")


def test_saving_what_is_shown_changes_nothing(console, bob):
    aliases.create_alias("b@mondomaine.fr", bob.address)
    accounts.update_account(bob.id, quota_bytes=1_500_000_000, display_name="Bob", language="fr")
    before = accounts.get_account(bob.id)
    shown = console.get(f"/admin/accounts/{bob.id}/").context["form"].initial
    console.post(f"/admin/accounts/{bob.id}/", {name: value for name, value in shown.items() if value is not False})
    after = accounts.get_account(bob.id)
    assert abs(after.quota_bytes - before.quota_bytes) < 1024**2
    assert (after.display_name, after.language, after.credentials_version) == ("Bob", "fr", before.credentials_version)
    assert [alias.address for alias in aliases.list_aliases()] == ["b@mondomaine.fr"]


def test_a_new_password_ends_the_other_sessions(console, alice, last_record):
    accounts.update_account(alice.id, is_admin=True)
    session = sign_in(alice.address)
    form = edit_form(display_name="Alice", password="tout neuf", is_admin="on")
    console.post(f"/admin/accounts/{alice.id}/", form)
    assert session.get("/admin/").status_code == 302
    assert can_enter(alice.address, "tout neuf")
    assert not can_enter(alice.address, PASSWORD)
    assert "password" in last_record().detail
    assert "tout neuf" not in last_record().detail


def test_a_quota_below_what_is_there_comes_back(console, bob):
    deliver(bob.id, octets=2 * 1024**2)
    answer = console.post(f"/admin/accounts/{bob.id}/", edit_form(quota="0.001"))
    assert answer.status_code == 422
    assert "already holds" in answer.content.decode()
    assert accounts.get_account(bob.id).quota_bytes == 0


def test_a_bad_alias_undoes_the_whole_change(console, bob, alice):
    form = edit_form(display_name="Robert", aliases="neuf@mondomaine.fr\nalice@mondomaine.fr")
    answer = console.post(f"/admin/accounts/{bob.id}/", form)
    assert answer.status_code == 422
    assert 'id="id_aliases_error"' in answer.content.decode()
    assert accounts.get_account(bob.id).display_name == ""
    assert aliases.list_aliases() == []


def test_nobody_takes_the_console_away_from_himself(console, admin):
    answer = console.post(f"/admin/accounts/{admin.id}/", edit_form())
    assert answer.status_code == 422
    assert 'id="id_is_admin_error"' in answer.content.decode()
    console.post(f"/admin/accounts/{admin.id}/disable/")
    console.post(f"/admin/accounts/{admin.id}/delete/", {"mail": "delete"})
    kept = accounts.get_account(admin.id)
    assert (kept.is_admin, kept.is_enabled) == (True, True)


def test_disabling_and_enabling(console, bob, last_record):
    console.post(f"/admin/accounts/{bob.id}/disable/")
    assert not can_enter(bob.address, PASSWORD)
    assert last_record().action == "account.disable"
    assert "Disabled" in console.get("/admin/accounts/").content.decode()
    console.post(f"/admin/accounts/{bob.id}/enable/")
    assert can_enter(bob.address, PASSWORD)
    assert last_record().action == "account.enable"


def test_deleting_for_ever(console, bob, last_record):
    deliver(bob.id)
    assert console.post(f"/admin/accounts/{bob.id}/delete/", {"mail": "delete"}).status_code == 302
    assert accounts.find_account(bob.address) is None
    assert last_record().detail == "bob@mondomaine.fr, mail deleted"


def test_deleting_hands_the_mail_over(console, alice, bob, last_record):
    deliver(bob.id)
    form = {"mail": "hand-over", "heir": "alice@mondomaine.fr"}
    assert console.post(f"/admin/accounts/{bob.id}/delete/", form).status_code == 302
    assert accounts.find_account(bob.address) is None
    assert quota.usage(alice.id).messages == 1
    assert last_record().detail == "bob@mondomaine.fr, mail to alice@mondomaine.fr"


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"mail": "burn"},
        {"mail": "hand-over", "heir": ""},
        {"mail": "hand-over", "heir": "nobody@mondomaine.fr"},
        {"mail": "hand-over", "heir": "bob@mondomaine.fr"},
    ],
)
def test_deleting_needs_an_answer(console, bob, form):
    assert console.post(f"/admin/accounts/{bob.id}/delete/", form).status_code == 422
    assert accounts.get_account(bob.id) == bob


def test_the_list_is_searched_and_paged_at_ten_thousand(console, django_assert_max_num_queries):
    many(10_000)
    console.get("/admin/accounts/")
    with django_assert_max_num_queries(16):
        page = console.get("/admin/accounts/?page=150").content.decode()
    assert "7,451 to 7,500 of 10,001" in page
    assert page.count('class="person"') == 50
    found = console.get("/admin/accounts/?q=eleve09999").content.decode()
    assert found.count('class="person"') == 1
    assert "Élève 9999" in found


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999999999", "²"])
def test_a_strange_page_number_is_no_error(console, number):
    assert console.get("/admin/accounts/", {"page": number}).status_code == 200


def test_the_queries_do_not_grow_with_the_rows(console):
    many(3)
    console.get("/admin/accounts/")
    with CaptureQueriesContext(connection) as few:
        console.get("/admin/accounts/")
    Account.objects.filter(address__startswith="eleve").delete()
    many(50)
    with CaptureQueriesContext(connection) as lots:
        console.get("/admin/accounts/")
    assert len(lots) == len(few)


def test_what_people_wrote_is_shown_as_text(console, bob):
    accounts.update_account(bob.id, display_name="<script>alert(1)</script>")
    for path in ("", "accounts/", f"accounts/{bob.id}/", f"accounts/{bob.id}/delete/"):
        assert "<script>alert" not in console.get(f"/admin/{path}").content.decode()


def test_a_stranger_changes_nothing(bob, admin):
    assert Client().post(f"/admin/accounts/{bob.id}/delete/", {"mail": "delete"}).status_code == 302
    assert accounts.get_account(bob.id) == bob
