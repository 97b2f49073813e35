"""A real browser: Chromium by Playwright, where mailhost.mondomaine.fr is this machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect, sync_playwright

from tests.practical.server import PASSWORDS, RunningServer

HOST = "mailhost.mondomaine.fr"
ADMINISTRATOR = "admin@mondomaine.fr"
SHOWN_SECONDS = 15  # until something must be on the page
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", f"--host-resolver-rules=MAP {HOST} 127.0.0.1",
]  # fmt: skip
expect.set_options(timeout=SHOWN_SECONDS * 1000)


@contextmanager
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


class Seats:
    """Browser contexts on one server, each as a person before a computer of their own."""

    def __init__(self, browser: Browser, server: RunningServer) -> None:
        self.browser, self.server = browser, server
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def page(self) -> Page:
        """A new seat; what its pages write to the console as errors is kept as a complaint."""
        context = self.browser.new_context(ignore_https_errors=True, locale="en-GB", accept_downloads=True)
        context.set_default_timeout(SHOWN_SECONDS * 1000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self._listen(message.type, message.text))
        page.on("response", self._look_at)
        return page

    def _listen(self, kind: str, text: str) -> None:
        """What the page's own policy refused (CSP) is our mistake; a certificate that is not trusted is not."""
        if kind == "error" and "Content Security Policy" in text:
            self.complaints.append(text)

    def _look_at(self, response: Response) -> None:
        if response.status >= 500 or ("/static/" in response.url and response.status >= 400):
            self.complaints.append(f"{response.status} {response.url}")

    def url(self, path: str = "/", scheme: str = "http") -> str:
        return f"{scheme}://{HOST}:{self.server.port(scheme)}{path}"

    def webmail(self, who: str, scheme: str = "http") -> Page:
        """A person of the practical, signed in to the webmail."""
        page = self.page()
        page.goto(self.url(scheme=scheme))
        sign_in(page, f"{who}@mondomaine.fr", PASSWORDS[who])
        expect(page.locator("#list-title")).to_be_visible()
        return page

    def console(self, scheme: str = "http") -> Page:
        """The administrator, signed in to the console."""
        page = self.page()
        page.goto(self.url("/admin/", scheme))
        sign_in(page, ADMINISTRATOR, self.server.admin_password)
        expect(page.locator("nav.side")).to_be_visible()
        return page

    def close(self) -> None:
        for context in self.contexts:
            context.close()


def sign_in(page: Page, address: str, password: str) -> None:
    page.get_by_label("Address", exact=True).fill(address)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def write(page: Page, to: str, subject: str, text: str) -> None:
    """Write and send a new letter in the webmail."""
    page.get_by_role("link", name="Write").first.click()
    expect(page.locator("[data-typed]").first).to_be_visible()  # the script has put its own field there
    page.get_by_label("To", exact=True).fill(to)
    page.get_by_label("Subject", exact=True).fill(subject)
    page.get_by_label("Text of the message").fill(text)
    send(page)


def send(page: Page) -> None:
    page.locator("[data-send]").click()
    expect(page.locator("#list-title")).to_be_visible()


def row(page: Page, subject: str):
    """The row of a message in the list."""
    return page.locator("li.row").filter(has_text=subject)
