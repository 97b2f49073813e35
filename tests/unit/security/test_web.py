"""Sessions, and HTTPS where the policy asks for it."""

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client

from directory import accounts
from protocols.sasl import MECHANISMS
from security import audit, passwords, policy_changes, web
from security.errors import AuthenticationFailed, EncryptionRequired
from security.policy import ENCRYPTED_CONNECTION, NO_RESTRICTIONS, SECURE_AUTHENTICATION

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.unit.security.web_pages")]
HOST = {"HTTP_HOST": "mailhost.mondomaine.fr:10080"}
TLS = {"secure": True, "HTTP_HOST": "mailhost.mondomaine.fr:10443"}


@pytest.fixture
def browser():
    return Client()


def sign_in(browser, user="alice@mondomaine.fr", password="user1", extra=HOST, **fields):
    return browser.post("/webmail/login/", {"user": user, "password": password, **fields}, **extra)


def who(browser, extra=HOST):
    return browser.get("/webmail/", **extra).content.decode()


def test_sign_in_and_out(cast, browser):
    assert who(browser) == "nobody"
    assert sign_in(browser).status_code == 200
    assert who(browser) == "alice@mondomaine.fr"
    browser.post("/webmail/logout/", **HOST)
    assert who(browser) == "nobody"
    assert [entry.action for entry in audit.list_records(actor="alice@mondomaine.fr")] == ["sign out", "sign in"]
    assert audit.count_records() == 2


def test_wrong_password(cast, browser):
    with pytest.raises(AuthenticationFailed):
        sign_in(browser, password="user2")
    assert who(browser) == "nobody"


def test_the_session_key_changes_at_sign_in(cast, browser):
    session = browser.session
    session["planted"] = "by somebody else"
    session.save()
    planted = session.session_key
    sign_in(browser)
    assert browser.session.session_key != planted
    assert "planted" not in browser.session


@pytest.mark.parametrize("end", ["password", "disabled", "deleted", "rights"])
def test_what_ends_a_session(cast, browser, end):
    sign_in(browser)
    assert who(browser) == "alice@mondomaine.fr"
    if end == "password":
        passwords.set_password(cast.alice.id, "other")
    elif end == "disabled":
        accounts.update_account(cast.alice.id, is_enabled=False)
    elif end == "rights":
        accounts.update_account(cast.alice.id, is_admin=True)
    else:
        accounts.delete_account(cast.alice.id)
    assert who(browser) == "nobody"


def test_changing_the_name_keeps_it(cast, browser):
    sign_in(browser)
    accounts.update_account(cast.alice.id, display_name="Alice M.")
    assert who(browser) == "alice@mondomaine.fr"


def test_account_required(cast, browser):
    answer = browser.get("/webmail/mine/?a=1&b=2", **HOST)
    assert (answer.status_code, answer["Location"]) == (302, "/webmail/login/?next=/webmail/mine/%3Fa%3D1%26b%3D2")
    assert browser.post("/webmail/mine/", **HOST)["Location"] == "/webmail/login/"
    sign_in(browser)
    assert browser.get("/webmail/mine/", **HOST).status_code == 200


def test_admin_required(cast, browser):
    assert browser.get("/admin/", **HOST)["Location"] == "/admin/login/?next=/admin/"
    sign_in(browser)
    assert browser.get("/admin/", **HOST).status_code == 403
    accounts.update_account(cast.alice.id, is_admin=True)
    sign_in(browser)
    assert browser.get("/admin/", **HOST).status_code == 200


@pytest.mark.parametrize(
    ("target", "goes"),
    [
        ("/webmail/mine/?a=1", "/webmail/mine/?a=1"),
        ("https://evil.example/", "/webmail/"),
        ("//evil.example/", "/webmail/"),
        ("/\\evil.example/", "/webmail/"),
        ("javascript:alert(1)", "/webmail/"),
        ("mine/", "/webmail/"),
        ("", "/webmail/"),
        ("/\t/evil.example/", "/webmail/"),
        ("/\n/evil.example/", "/webmail/"),
        ("///evil.example/", "/webmail/"),
        (" //evil.example/", "/webmail/"),
    ],
)
def test_next_stays_on_this_site(cast, browser, target, goes):
    assert sign_in(browser, next=target).content.decode() == goes


def test_no_restrictions_serves_all_in_clear(cast, browser):
    for path in ("/webmail/", "/webmail/login/", "/admin/login/"):
        assert browser.get(path, **HOST).status_code == 200


def test_secure_authentication_takes_passwords_over_https(cast, browser):
    policy_changes.set_level(SECURE_AUTHENTICATION)
    assert browser.get("/webmail/", **HOST).status_code == 200
    for path in ("/webmail/login/?next=/webmail/mine/", "/webmail/settings/password/", "/admin/", "/admin/login/"):
        answer = browser.get(path, **HOST)
        assert answer.status_code == 307
        assert answer["Location"] == f"https://mailhost.mondomaine.fr:10443{path}"
    answer = sign_in(browser)
    assert (answer.status_code, answer["Location"]) == (303, "https://mailhost.mondomaine.fr:10443/webmail/login/")
    assert sign_in(browser, extra=TLS).status_code == 200
    assert who(browser, TLS) == "alice@mondomaine.fr"


def test_encrypted_connection_leads_every_page(cast, browser):
    policy_changes.set_level(ENCRYPTED_CONNECTION)
    answer = browser.get("/webmail/?folder=Projet%20R%C3%A9seaux", **HOST)
    assert answer.status_code == 307
    assert answer["Location"] == "https://mailhost.mondomaine.fr:10443/webmail/?folder=Projet%20R%C3%A9seaux"
    assert browser.get("/webmail/", **TLS).status_code == 200


def test_an_exception_by_address(cast, browser):
    policy_changes.set_level(ENCRYPTED_CONNECTION)
    policy_changes.create_ip_group("Lab", ["127.0.0.0/8"], NO_RESTRICTIONS)
    assert sign_in(browser).status_code == 200
    assert browser.get("/webmail/", REMOTE_ADDR="192.0.2.1", **HOST).status_code == 307


def test_the_form_has_no_switch(cast, browser):
    policy_changes.set_mechanisms([name for name in MECHANISMS if name not in ("PLAIN", "LOGIN")])
    assert sign_in(browser).status_code == 200


def test_the_port_is_the_services_word(cast, browser, monkeypatch):
    policy_changes.set_level(ENCRYPTED_CONNECTION)
    monkeypatch.setattr(web, "_https_port", lambda: 443)
    assert browser.get("/webmail/", HTTP_HOST="[::1]:80")["Location"] == "https://[::1]/webmail/"
    monkeypatch.setattr(web, "_https_port", lambda: None)
    answer = browser.get("/webmail/", **HOST)
    assert answer.status_code == 403
    assert b"HTTPS" in answer.content


def test_cookies_over_tls(cast, browser):
    answer = sign_in(browser, extra=TLS)
    assert set(answer.cookies) == {"__Host-facteur_session", "__Host-facteur_csrf"}
    for cookie in answer.cookies.values():
        assert cookie["secure"]
        assert (cookie["path"], cookie["domain"], cookie["samesite"]) == ("/", "", "Lax")
    assert answer.cookies["__Host-facteur_session"]["httponly"]
    assert who(browser, TLS) == "alice@mondomaine.fr"
    assert who(browser, HOST) == "nobody"


def test_a_cookie_from_the_clear_does_not_count_over_tls(cast, browser):
    answer = sign_in(browser, extra=HOST)
    assert not answer.cookies["facteur_session"]["secure"]
    assert who(browser, HOST) == "alice@mondomaine.fr"
    assert who(browser, TLS) == "nobody"


def test_what_was_said_over_tls_is_not_repeated_in_the_clear(db, browser):
    """Toasts name accounts and folders; their cookie is kept apart like the session's."""
    answer = browser.get("/webmail/toast/", **TLS)
    assert set(answer.cookies) == {"__Host-messages"}
    assert answer.cookies["__Host-messages"]["secure"]
    assert browser.get("/webmail/toasts/", **HOST).content == b""
    answer = browser.get("/webmail/toasts/", **TLS)
    assert answer.content == b"alice@mondomaine.fr saved"
    assert answer.cookies["__Host-messages"]["max-age"] == 0
    assert browser.get("/webmail/toasts/", **TLS).content == b""


def test_sessions_that_ran_out_are_swept(cast, browser, monkeypatch):
    monkeypatch.setattr(web, "SWEEP_ONE_IN", 1)
    old = SessionStore()
    old.set_expiry(-1)
    old.save()
    sign_in(browser)
    assert not Session.objects.filter(pk=old.session_key).exists()
    assert Session.objects.count() == 1


@pytest.mark.parametrize(("began", "goes_on"), [(HOST, TLS), (TLS, HOST)])
def test_a_session_stays_with_its_scheme(cast, browser, began, goes_on):
    """Whoever overheard a session's key in the clear cannot carry it into HTTPS, least of all once that is required."""
    sign_in(browser, extra=began)
    key = browser.cookies["facteur_session" if began is HOST else "__Host-facteur_session"].value
    thief = Client()
    thief.cookies["facteur_session" if goes_on is HOST else "__Host-facteur_session"] = key
    assert who(thief, goes_on) == "nobody"
    assert who(browser, began) == "alice@mondomaine.fr"


def test_signing_out_removes_the_cookie_over_tls(cast, browser):
    sign_in(browser, extra=TLS)
    answer = browser.post("/webmail/logout/", **TLS)
    assert answer.cookies["__Host-facteur_session"]["max-age"] == 0
    assert answer.cookies["__Host-facteur_session"]["secure"]
    assert who(browser, TLS) == "nobody"


def test_csrf_over_tls(cast, settings):
    settings.CSRF_FAILURE_VIEW = "tests.unit.security.web_pages.refused"  # the webmail's leads to pages not here
    strict = Client(enforce_csrf_checks=True)
    strict.get("/webmail/login/", **TLS)
    token = strict.cookies["__Host-facteur_csrf"].value
    origin = {"HTTP_REFERER": "https://mailhost.mondomaine.fr:10443/webmail/"}
    assert strict.post("/webmail/", **TLS, **origin).status_code == 403
    assert strict.post("/webmail/", {"csrfmiddlewaretoken": token}, **TLS, **origin).status_code == 200


def test_a_door_in_clear_is_refused_by_authenticate_too(cast):
    from protocols.sasl import PasswordProof
    from security.authentication import authenticate
    from security.doors import WEB, Door

    for level in (SECURE_AUTHENTICATION, ENCRYPTED_CONNECTION):
        policy_changes.set_level(level)
        with pytest.raises(EncryptionRequired):
            authenticate(PasswordProof("alice", "", "user1"), Door(WEB, "127.0.0.1"))
        assert authenticate(PasswordProof("alice", "", "user1"), Door(WEB, "127.0.0.1", encrypted=True))
