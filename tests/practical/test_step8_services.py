"""Step 8: the services page shows the real state of each listener, and steers it within a second."""

import socket

from playwright.sync_api import Locator, Page, expect

from tests.practical.browser import Seats
from tests.practical.server import PORTS


def _services(seats: Seats) -> Page:
    page = seats.console()
    page.locator("nav.side").get_by_role("link", name="Services").click()
    expect(page.locator("[data-live-sign]")).to_have_text("Live")
    return page


def _row(page: Page, name: str) -> Locator:
    return page.locator(f"tr#{name}")


def _greets(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 5) as client:
            client.settimeout(5)
            return client.recv(100) != b""
    except ConnectionRefusedError:
        return False


def _press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def _set_port(page: Page, name: str, port: int) -> None:
    page.get_by_label("Port", exact=True).fill(str(port))
    page.get_by_role("button", name="Save changes").click()
    expect(_row(page, name)).to_be_visible()


def test_every_service_is_listed_with_its_state(steering: Seats) -> None:
    page = _services(steering)
    for name in PORTS:
        row = _row(page, name)
        expect(row.locator(".state")).to_have_text("Running")
        expect(row).to_contain_text(str(steering.server.port(name)))
        expect(row).to_contain_text("127.0.0.1")
        expect(row).to_contain_text("Automatic")


def test_imap_is_stopped_and_started(steering: Seats) -> None:
    page, watcher = _services(steering), _services(steering)
    port = steering.server.port("imap")
    assert _greets(port)
    _press(page, "Stop IMAP")
    expect(_row(page, "imap").locator(".state")).to_have_text("Stopped")
    assert not _greets(port)  # the page says so when the listener has followed
    expect(_row(watcher, "imap").locator(".state")).to_have_text("Stopped")  # without reloading
    _press(page, "Start IMAP")
    expect(_row(page, "imap").locator(".state")).to_have_text("Running")
    assert _greets(port)
    expect(_row(watcher, "imap").locator(".state")).to_have_text("Running")


def test_a_taken_port_is_told_with_its_cure(steering: Seats) -> None:
    server = steering.server
    page = _services(steering)
    _press(page, "Stop POP3")
    expect(_row(page, "pop3").locator(".state")).to_have_text("Stopped")
    with socket.create_server(("127.0.0.1", server.port("pop3"))):
        _press(page, "Start POP3")
        expect(_row(page, "pop3").locator(".state")).to_have_text("Cannot start")
        why = page.locator("tr.why")
        expect(why).to_contain_text(f"Port {server.port('pop3')} is already in use by")
        expect(why).to_contain_text("give this service another port")
        why.get_by_role("link", name="Use another port").click()
        _set_port(page, "pop3", PORTS["pop3"] + 1)
        expect(_row(page, "pop3").locator(".state")).to_have_text("Running")
        assert _greets(server.port("pop3") + 1)
        expect(page.locator("tr.why")).to_have_count(0)
    _row(page, "pop3").get_by_role("link", name="Settings of POP3").click()
    _set_port(page, "pop3", PORTS["pop3"])
    expect(_row(page, "pop3").locator(".state")).to_have_text("Running")
    assert _greets(server.port("pop3"))
    assert not _greets(server.port("pop3") + 1)


def test_wrong_numbers_are_refused_at_their_field(steering: Seats) -> None:
    page = _services(steering)
    _row(page, "smtps").get_by_role("link", name="Settings of SMTPS").click()
    page.get_by_label("Port", exact=True).fill("70000")
    page.get_by_label("Addresses", exact=True).fill("nulle part")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_role("alert")).to_contain_text("2 fields need a change")
    assert _greets_tls(steering.server.port("smtps"))


def _greets_tls(port: int) -> bool:
    with socket.create_connection(("127.0.0.1", port), 5):
        return True


def test_the_service_that_carries_the_page_is_not_stopped(steering: Seats) -> None:
    page = _services(steering)
    expect(page.get_by_role("button", name="Stop HTTP", exact=True)).to_have_count(0)
    expect(page.get_by_role("button", name="Stop HTTPS", exact=True)).to_have_count(1)
    _press(page, "Restart HTTP")
    expect(_row(page, "http").locator(".state")).to_have_text("Running")
