"""Make the README's screenshots anew: python -m tools.screenshots [FOLDER]

Starts a server of its own with sample mail, opens the pages in Chromium and writes PNG files (docs/images).
"""

from __future__ import annotations

import imaplib
import smtplib
import ssl
import sys
import tempfile
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.practical.browser import ADMINISTRATOR, Seats, chromium, row, sign_in
from tests.practical.server import PASSWORDS, RunningServer, is_free, running_server
from tools.sample_letters import LETTERS, octets

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "images"
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
USUAL_OFFSET = 10_000  # what `make run` takes, and the README says
MAX_OCTETS = 250_000  # a README that loads quickly
OPENED = "Weekly network report"
WRITTEN = (
    "Hi Tom,\n\nThe 10th is perfect: the exams are over by then and the crew has the building for itself. "
    "Marie meets them at the gate at 8.\n\nBest wishes,\nAlice\n"
)


def fill(server: RunningServer) -> None:
    """Put the sample mail into alice's mailboxes, and some life into the others."""
    client = imaplib.IMAP4("127.0.0.1", server.port("imap"))
    client.login("alice@mondomaine.fr", PASSWORDS["alice"])
    client.create('"Projet R&AOk-seaux"')
    client.subscribe('"Projet R&AOk-seaux"')
    now = datetime.now().astimezone()
    for letter in sorted(LETTERS, key=lambda one: -one.hours):
        came = now - timedelta(hours=letter.hours)
        if letter.is_sent_now:
            with smtplib.SMTP_SSL("127.0.0.1", server.port("smtps"), context=sealed()) as bob:
                bob.login("bob@mondomaine.fr", PASSWORDS["bob"])
                bob.sendmail("bob@mondomaine.fr", ["alice@mondomaine.fr"], octets(letter, came))
            continue
        done, text = client.append(letter.folder, f"({letter.flags})", came, octets(letter, came))
        assert done == "OK", text
    count = client.select("INBOX")[1][0].decode()
    client.store(count, "+FLAGS", r"(\Flagged)")
    client.logout()
    with smtplib.SMTP("127.0.0.1", server.port("submission")) as sender:
        sender.login("alice@mondomaine.fr", PASSWORDS["alice"])
        for who in ("bob", "marie"):
            sender.sendmail("alice@mondomaine.fr", [f"{who}@mondomaine.fr"], "Subject: Salut !\r\n\r\nSalut !\r\n")
    for _ in range(2):  # something for the console to show
        with smtplib.SMTP("127.0.0.1", server.port("submission")) as stranger:
            try:
                stranger.login("marie@mondomaine.fr", "not this one")
            except smtplib.SMTPAuthenticationError:
                pass


def sealed() -> ssl.SSLContext:
    """TLS without looking at the certificate: the server is our own."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def visit(server: RunningServer, who: str, service: str) -> imaplib.IMAP4:
    """A mail program that stays connected."""
    port = server.port(service)
    client = (
        imaplib.IMAP4_SSL("127.0.0.1", port, ssl_context=sealed())
        if service == "imaps"
        else imaplib.IMAP4("127.0.0.1", port)
    )
    client.login(f"{who}@mondomaine.fr", PASSWORDS[who])
    return client


class Studio(Seats):
    """Seats of a given size, look and language; takes the pictures."""

    def __init__(self, browser: Browser, server: RunningServer, folder: Path) -> None:
        super().__init__(browser, server)
        self.folder = folder

    def sit(self, size: dict[str, int], scheme: str = "light", locale: str = "en-GB") -> Page:
        context = self.browser.new_context(
            ignore_https_errors=True, viewport=size, color_scheme=scheme, locale=locale,  # type: ignore[arg-type]
            timezone_id="Europe/Paris", reduced_motion="reduce", is_mobile=size is PHONE, has_touch=size is PHONE,
        )  # fmt: skip
        self.contexts.append(context)
        return context.new_page()

    def reader(self, size: dict[str, int], scheme: str = "light", locale: str = "en-GB") -> Page:
        """Alice, signed in to the webmail over HTTPS."""
        page = self.sit(size, scheme, locale)
        page.goto(self.url("/webmail/", "https"))
        page.locator("[name=address]").fill("alice@mondomaine.fr")
        page.locator("[name=password]").fill(PASSWORDS["alice"])
        page.locator("[name=password]").press("Enter")
        page.wait_for_selector("li.row")
        return page

    def shoot(self, page: Page, name: str) -> None:
        page.evaluate("document.fonts.ready")
        page.wait_for_load_state("load")
        page.mouse.move(0, 0)
        path = self.folder / f"{name}.png"
        page.screenshot(path=path, animations="disabled")
        size = path.stat().st_size
        print(f"{path.name}: {size // 1000} KB")
        if size > MAX_OCTETS:
            raise SystemExit(f"{path} has {size} octets, more than {MAX_OCTETS}")


def shoot_webmail(studio: Studio) -> None:
    for name, scheme, locale in (("webmail", "light", "en-GB"), ("webmail-dark", "dark", "fr-FR")):
        page = studio.reader(DESK, scheme, locale)
        row(page, OPENED).locator("a.row-main").click()
        page.wait_for_selector("#reader iframe")
        page.frame_locator("#reader iframe").locator("table").wait_for()
        studio.shoot(page, name)
    page = studio.reader(DESK)
    row(page, "Fibre for building C").locator("a.row-main").click()
    page.locator("#reader .answer-box").click()
    text = page.get_by_label("Text of the message")
    text.fill(WRITTEN + text.input_value())
    page.locator("input[name=uploads]").set_input_files(
        {"name": "plan-batiment-C.pdf", "mimeType": "application/pdf", "buffer": b"%PDF" + bytes(96_000)}
    )
    page.locator("[data-remove-file]").first.wait_for()
    studio.shoot(page, "webmail-compose")
    page = studio.reader(PHONE)
    studio.shoot(page, "webmail-phone")


def shoot_console(studio: Studio) -> None:
    page = studio.sit(DESK)
    page.goto(studio.url("/admin/", "https"))
    sign_in(page, ADMINISTRATOR, studio.server.admin_password)
    page.wait_for_selector("nav.side")
    for name, title in (("console", "Overview"), ("console-services", "Services"), ("console-security", "Security")):
        page.locator("nav.side").get_by_role("link", name=title).click()
        page.get_by_role("heading", level=1).wait_for()
        if title == "Services":
            page.get_by_text("Live", exact=True).wait_for()
        studio.shoot(page, name)


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    offset = USUAL_OFFSET if is_free(USUAL_OFFSET) else 0
    with (
        tempfile.TemporaryDirectory() as place,
        running_server(Path(place), offset=offset) as server,
        chromium() as browser,
        ExitStack() as visitors,
    ):
        fill(server)
        studio = Studio(browser, server, folder)
        for who, service in (("alice", "imaps"), ("bob", "imaps"), ("bob", "imap"), ("marie", "imaps")):
            visitors.enter_context(visit(server, who, service))
        shoot_webmail(studio)
        shoot_console(studio)
        studio.close()


if __name__ == "__main__":
    main()
