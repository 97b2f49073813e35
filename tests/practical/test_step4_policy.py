"""Step 4: the administrator steers the security policy; every door obeys at once, and a capture shows it."""

import smtplib
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.practical import doors
from tests.practical.browser import HOST, Seats, row, write
from tests.practical.capture import capture
from tests.practical.doors import soon
from tests.practical.server import RunningServer

CLEAR_IN_SQL = "from security.policy_changes import set_level; set_level(0)"
SECRET = "Le code du coffre est 4711"
EVERY = {"PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256"}
CHALLENGES = {"CRAM-MD5", "SCRAM-SHA-256"}


@pytest.fixture(autouse=True)
def unrestricted(steered: RunningServer) -> Iterator[None]:
    """Whatever happens, the next test finds no restrictions."""
    yield
    steered.manage("shell", "-c", CLEAR_IN_SQL)
    soon(lambda: doors.imap_login(steered) == "OK", "the policy was not taken back")


def _choose(admin: Page, title: str) -> None:
    admin.locator("nav.side").get_by_role("link", name="Security").click()
    admin.get_by_role("radio", name=title).check()
    admin.get_by_role("button", name="Apply to everyone now").click()


def _in_force(admin: Page, title: str) -> None:
    expect(admin.locator(".choice", has_text=title)).to_contain_text("In force")


def _redirect(url: str) -> tuple[int, str]:
    """Status and Location of one request, not followed."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *args: object) -> None:
            return None

    try:
        with urllib.request.build_opener(Stay).open(url, timeout=20) as answer:
            return answer.status, ""
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers.get("Location", "")


def test_secure_authentication_hides_the_exchange(steering: Seats, tmp_path: Path) -> None:
    server = steering.server
    assert doors.imap_login(server) == "OK"
    admin = steering.console()
    _choose(admin, "Require secure authentication")
    expect(admin.get_by_role("alert")).to_contain_text("HTTPS only")
    with admin.expect_download() as started:  # the certificate of the authority, before going on
        admin.get_by_role("link", name="Download the authority").click()
    authority = tmp_path / started.value.suggested_filename
    started.value.save_as(authority)
    context = ssl.create_default_context(cafile=str(authority))
    admin.get_by_role("button", name="Apply, go on over HTTPS").click()
    expect(admin.get_by_role("button", name="Sign in")).to_be_visible()  # led to HTTPS, where it asks again
    assert admin.url.startswith(steering.url("/admin/", "https"))

    _doors_want_a_challenge(server, context)
    _web_wants_https(steering, context)
    with capture(tmp_path / "https.pcap", server.port("http"), server.port("https")) as wire:
        alice, bob = steering.page(), steering.page()
        for page, who, password in ((alice, "alice", "user1"), (bob, "bob", "user2")):
            page.goto(steering.url())  # http: leads to https
            page.get_by_label("Address", exact=True).fill(f"{who}@mondomaine.fr")
            page.get_by_label("Password", exact=True).fill(password)
            assert page.url.startswith("https://")
            page.get_by_role("button", name="Sign in", exact=True).click()
            expect(page.locator("#list-title")).to_be_visible()
        write(alice, "bob@mondomaine.fr", "Confidentiel", SECRET)
        expect(row(bob, "Confidentiel")).to_be_visible()
        row(bob, "Confidentiel").locator("a.row-main").click()
        expect(bob.locator("#reader")).to_contain_text(SECRET)
    assert wire.payload(), "nothing was captured"
    for hidden in ("user1", "user2", "password", "alice", "Confidentiel", SECRET, SECRET.replace(" ", "+")):
        assert not wire.shows(hidden), hidden


def _doors_want_a_challenge(server: RunningServer, context: ssl.SSLContext) -> None:
    soon(lambda: doors.imap_login(server) != "OK", "IMAP LOGIN still works without TLS")
    assert "PRIVACYREQUIRED" in doors.imap_login(server)
    words = doors.imap_announces(server)
    assert "LOGINDISABLED" in words
    assert {f"AUTH={name}" for name in CHALLENGES} <= words
    assert not {"AUTH=PLAIN", "AUTH=LOGIN"} & words
    assert doors.imap_cram_md5(server)
    assert doors.imap_login(server, context) == "OK"

    assert doors.smtp_announces(server) & EVERY == CHALLENGES
    assert doors.smtp_announces(server, context) >= EVERY
    code, text = doors.smtp_auth(server, "PLAIN")
    assert (code, text[:6]) == (538, b"5.7.11")
    assert doors.smtp_auth(server, "CRAM-MD5")[0] == 235
    assert doors.smtp_auth(server, "PLAIN", context)[0] == 235

    assert doors.pop3_announces(server) & (EVERY | {"USER"}) == CHALLENGES
    assert doors.pop3_announces(server, context) >= EVERY | {"USER"}
    assert not doors.pop3_login(server)
    assert doors.pop3_login(server, context)


def _web_wants_https(seats: Seats, context: ssl.SSLContext) -> None:
    server = seats.server
    status, location = _redirect(server.url("/webmail/login/"))
    assert (status, location) == (307, f"https://127.0.0.1:{server.port('https')}/webmail/login/")
    named = f"https://localhost:{server.port('https')}/webmail/login/"
    with urllib.request.urlopen(named, timeout=20, context=context) as page:  # verified: the downloaded authority
        assert b'name="password"' in page.read()
        assert "__Host-" in page.headers["Set-Cookie"]


def test_encrypted_connection_leaves_only_port_25_open(steering: Seats) -> None:
    server = steering.server
    context = server.tls_context()
    admin = steering.console("https")
    _choose(admin, "Require encrypted connection")
    _in_force(admin, "Require encrypted connection")

    soon(lambda: doors.imap_login(server) != "OK", "IMAP LOGIN still works without TLS")
    assert "PRIVACYREQUIRED" in doors.imap_login(server)
    assert not [word for word in doors.imap_announces(server) if word.startswith("AUTH=")]
    assert not doors.imap_cram_md5(server)
    assert not doors.smtp_announces(server)
    assert doors.smtp_auth(server, "CRAM-MD5")[0] in (530, 538)
    assert not doors.pop3_announces(server)
    assert not doors.pop3_login(server)
    assert (doors.imap_login(server, context), doors.pop3_login(server, context)) == ("OK", True)
    assert doors.smtp_auth(server, "PLAIN", context)[0] == 235

    with smtplib.SMTP("localhost", server.port("submission")) as client:
        client.ehlo()
        assert client.mail("alice@mondomaine.fr")[0] == 530
    with smtplib.SMTP("localhost", server.port("smtp")) as client:  # another server, without TLS
        client.sendmail("ami@exemple.org", ["bob@mondomaine.fr"], "Subject: du dehors\r\n\r\nbonjour\r\n")
    for path in ("/", "/webmail/", "/webmail/login/", "/admin/"):
        status, location = _redirect(server.url(path))
        assert status == 307, path
        assert location == server.url(path, "https")

    bob = steering.webmail("bob", "https")
    expect(row(bob, "du dehors")).to_be_visible()
    _choose(admin, "No restrictions")
    _in_force(admin, "No restrictions")
    soon(lambda: doors.imap_login(server) == "OK", "IMAP LOGIN is still refused")
    assert _redirect(server.url("/webmail/login/"))[0] == 200
    assert doors.smtp_announces(server) >= EVERY
    assert doors.pop3_login(server)


def test_a_method_is_switched_off_and_on(steering: Seats) -> None:
    server = steering.server
    admin = steering.console()
    admin.locator("nav.side").get_by_role("link", name="Security").click()
    for off in (True, False):
        admin.get_by_role("switch", name="Allow LOGIN").click()
        soon(lambda off=off: ("LOGIN" in doors.smtp_announces(server)) is not off, "EHLO does not follow the switch")
        assert ("AUTH=LOGIN" in doors.imap_announces(server)) is not off
    assert HOST in admin.url
