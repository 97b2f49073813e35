"""Step 1: an empty server is set up in the browser; alice, bob and marie are made in the console."""

import imaplib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.practical.browser import HOST, Seats, sign_in
from tests.practical.server import PASSWORDS, RunningServer, running_server

ADMIN_PASSWORD = "un mot de passe solide"


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("empty"), lab=False) as running:
        yield running


def _set_up(page: Page) -> None:
    expect(page.get_by_role("heading", name="Set up your server")).to_be_visible()
    page.get_by_label("Host name").fill(HOST)
    page.get_by_label("Domain", exact=True).fill("mondomaine.fr")
    page.get_by_label("Administrator").fill("admin")
    page.get_by_label("Password", exact=True).fill(ADMIN_PASSWORD)
    page.get_by_label("Password again").fill(ADMIN_PASSWORD)
    page.get_by_role("button", name="Set up the server").click()
    expect(page.locator("nav.side")).to_contain_text("admin@mondomaine.fr")


def _make_account(page: Page, who: str) -> None:
    page.locator("nav.side").get_by_role("link", name="Accounts").click()
    page.get_by_role("link", name="New account").click()
    page.get_by_label("Full name").fill(who.title())
    page.get_by_label("Address", exact=True).fill(who)
    page.get_by_label("Password", exact=True).fill(PASSWORDS[who])
    page.get_by_role("button", name="Create account").click()
    page.locator("nav.side").get_by_role("link", name="Accounts").click()
    expect(page.locator("table")).to_contain_text(f"{who}@mondomaine.fr")


def test_a_new_server_is_set_up_and_used(browser: Browser, empty: RunningServer) -> None:
    seats = Seats(browser, empty)
    admin = seats.page()
    admin.goto(seats.url("/admin/"))  # leads to the first-run page
    _set_up(admin)
    for who in PASSWORDS:
        _make_account(admin, who)

    for who, password in PASSWORDS.items():
        page = seats.page()
        page.goto(seats.url())
        assert page.url.startswith(seats.url("/webmail/"))
        sign_in(page, f"{who}@mondomaine.fr", password)
        expect(page.locator("#list-title")).to_contain_text("Inbox")
        client = imaplib.IMAP4("127.0.0.1", empty.port("imap"))
        assert client.login(f"{who}@mondomaine.fr", password)[0] == "OK"
        names = b"".join(line for line in client.list()[1] if line)
        assert all(name in names for name in (b"INBOX", b"Drafts", b"Sent", b"Junk", b"Trash", b"Archive"))
        client.logout()

    closed = seats.page()
    for path in ("/admin/setup/", "/admin/"):
        answer = closed.goto(seats.url(path))
        assert answer is not None
        expect(closed.get_by_label("Host name")).to_have_count(0)
    assert closed.goto(seats.url("/admin/setup/")).status == 404
    seats.close()
    assert seats.complaints == []


def test_wrong_answers_on_the_accounts_page_are_told_at_their_field(browser: Browser, empty: RunningServer) -> None:
    seats = Seats(browser, empty)
    page = seats.page()
    page.goto(seats.url("/admin/"))
    sign_in(page, "admin@mondomaine.fr", ADMIN_PASSWORD)
    page.goto(seats.url("/admin/accounts/new/"))
    page.get_by_label("Address", exact=True).fill("alice")
    page.get_by_label("Password", exact=True).fill("user1")
    page.get_by_role("button", name="Create account").click()
    expect(page.locator(".error")).to_contain_text("alice@mondomaine.fr")
    expect(page.get_by_label("Address", exact=True)).to_have_value("alice")
    seats.close()
