"""The webmail in a real browser: nothing for axe-core to object to, no error on the console, and it works by keys.

With FACTEUR_SHOTS=FOLDER each page is also written there as a PNG, to be compared with the mock-ups.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from directory import domains, groups
from directory.accounts import AccountInfo
from mailstore import accounts, acl, append, flags, mailboxes, rights
from mailstore.append import NewMessage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
LOOKS = [("light", 1440, "en"), ("dark", 1440, "fr"), ("light", 1024, "en"), ("light", 390, "fr"), ("dark", 390, "en")]
PASSWORD = "a good passphrase"
LONG = "Laboratoire de physique appliquée et de mécanique des fluides"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


@pytest.fixture
def furnished(
    transactional_db: None,
    second_thread: Callable[..., Future[Any]],
    make_message: Callable[..., bytes],
    html_message: Callable[..., bytes],
) -> AccountInfo:
    """alice with mail of every kind, and bob. On another thread: Playwright's loop confuses connections in this one."""
    letters = [NewMessage(make_message(f"Number {number}"), flags.SEEN) for number in range(70)]
    letters += [
        NewMessage(make_message(LONG * 3, From=f'"{LONG}" <labo@x.example>', To="alice@mondomaine.fr, " * 9)),
        NewMessage(make_message("Plan", "Salut,\r\n\r\nhttps://a.example/x\r\n\r\nBob wrote:\r\n> q\r\n")),
        NewMessage(
            html_message('<p>Bonjour</p><img src="http://t.example/x.gif"><img src="cid:logo@x">'), flags.FLAGGED
        ),
    ]

    def build() -> AccountInfo:
        domains.create_domain("mondomaine.fr")
        alice = accounts.create_account("alice@mondomaine.fr", PASSWORD, display_name="Alice Moreau", quota_bytes=10**7)
        bob = accounts.create_account("bob@mondomaine.fr", PASSWORD, display_name="Bob Lefèvre")
        groups.create_group("equipe@mondomaine.fr", members=[bob.address])
        inbox = mailboxes.get_mailbox(alice.id, "INBOX")
        append.append_messages(alice.id, inbox.id, letters)
        for name in ("Projet Réseaux", "Projet Réseaux/2026", LONG):
            mailboxes.create_mailbox(alice.id, name)
        for owner, name, who, letters_of in (
            (alice.id, "Projet Réseaux", bob.address, "lrs"), (alice.id, "Projet Réseaux", "group:equipe", "lrswite"),
            (alice.id, "Projet Réseaux", "anyone", "lri"), (bob.id, "Archive", alice.address, "lrs"),
            (bob.id, "INBOX", alice.address, "lrswite"),
        ):  # fmt: skip
            shared = mailboxes.get_mailbox(owner, name)
            acl.set_rights(owner, shared.id, acl.find_identifier(who), "replace", rights.parse(letters_of))
        return alice

    return second_thread(build).result()


def visit(browser: Browser, url: str, look: tuple[str, int, str]) -> Page:
    theme, width, language = look
    context = browser.new_context(
        viewport={"width": width, "height": 900 if width > 600 else 844},
        color_scheme=theme,  # type: ignore[arg-type]
        locale="fr-FR" if language == "fr" else "en-GB",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.complaints = []  # type: ignore[attr-defined]
    page.on("console", lambda message: _listen(page, message.type, message.text, message.location.get("url", "")))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))  # type: ignore[attr-defined]
    page.goto(f"{url}/webmail/login/")
    return page


def _listen(page: Page, kind: str, text: str, where: str) -> None:
    """A refused form is a 422; the events are served by the ASGI front, which this server has not."""
    harmless = "status of 422" in text or where.endswith("/events")
    if kind == "error" and not harmless:
        page.complaints.append(text)  # type: ignore[attr-defined]


def sign_in(page: Page) -> None:
    page.fill("#id_address", "alice@mondomaine.fr")
    page.fill("#id_password", PASSWORD)
    page.click("button.btn-primary")
    expect(page.locator("#list-title")).to_be_attached()
    page.wait_for_load_state("load")  # the modules listen for keys from then on


def judge(page: Page, name: str, look: tuple[str, int, str]) -> list[str]:
    """What is wrong with the page as it stands."""
    problems = [f"{name}: {text}" for text in page.complaints]  # type: ignore[attr-defined]
    page.complaints.clear()  # type: ignore[attr-defined]
    for violation in Axe().run(page).response["violations"]:
        targets = [node["target"] for node in violation["nodes"]]
        problems.append(f"{name}: {violation['id']} ({violation['help']}): {targets[:3]}")
    if folder := os.environ.get("FACTEUR_SHOTS"):
        page.screenshot(path=Path(folder) / f"webmail-{name}-{look[0]}-{look[1]}-{look[2]}.png")
    page.complaints.clear()  # type: ignore[attr-defined]  # axe tries inline styles, and the policy refuses them
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide > 0:
        problems.append(f"{name}: scrolls sideways by {wide} px")
    return problems


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: "-".join(map(str, look)))
def test_every_page_is_accessible_and_quiet(browser: Browser, live_server, furnished: AccountInfo, look) -> None:
    page = visit(browser, live_server.url, look)
    found = judge(page, "login", look)
    sign_in(page)
    found += judge(page, "inbox", look)
    page.locator("li.row .row-main").first.click()
    expect(page.locator("#reader .letter")).to_be_visible()
    found += judge(page, "message", look)
    page.goto(f"{live_server.url}/webmail/write/")
    expect(page.locator("[data-typed]").first).to_be_visible()
    page.locator("[data-typed]").first.fill("bob@mondomaine.fr, nobody@mondomaine.fr,")
    page.locator("[data-send]").click()
    expect(page.locator(".chip-bad")).to_be_visible()
    found += judge(page, "write", look)
    for title, verb, name in (
        ("Projet Réseaux", "sharing/", "sharing"),
        ("Other Users/bob@mondomaine.fr/Archive", "sharing/", "about-another"),
        ("Other Users/bob@mondomaine.fr/Archive", "", "of-another"),
    ):
        folder = page.locator(f'a.nav-item[title="{title}"]').get_attribute("href")
        page.goto(f"{live_server.url}{folder}{verb}")
        if name == "sharing":
            page.locator("summary.sharer-line").last.click()
            page.locator(".sharer-form .each-right summary").last.click()
        found += judge(page, name, look)
    for name in ("settings", "settings/password", "folders/new"):
        page.goto(f"{live_server.url}/webmail/{name}/")
        found += judge(page, name.replace("/", "-"), look)
    page.context.close()
    assert not found, "\n".join(found)


def test_mail_is_sorted_by_the_keyboard(browser: Browser, live_server, furnished: AccountInfo) -> None:
    page = visit(browser, live_server.url, LOOKS[0])
    sign_in(page)
    rows = page.locator("#list-body .row")
    first, second = rows.nth(0).get_attribute("data-uid"), rows.nth(1).get_attribute("data-uid")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#reader")).to_have_attribute("data-uid", first)
    page.keyboard.press("j")
    expect(page.locator("#reader")).to_have_attribute("data-uid", second)
    expect(page).to_have_title("Plan · alice@mondomaine.fr · Facteur")
    page.keyboard.press("e")
    expect(page.locator(".toast")).to_contain_text("Moved to Archive")
    expect(page.locator(f"#row-{second}")).to_have_count(0)
    page.keyboard.press("z")
    expect(page.locator(".toast")).to_contain_text("Moved back")
    page.go_back()
    expect(page.locator("#reader")).to_have_attribute("data-uid", first)
    page.keyboard.press("?")
    expect(page.locator("dialog#keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("s")
    expect(page.locator("#list-title")).to_contain_text("Sent")
    page.context.close()


def test_ticking_loading_ahead_and_the_phone(browser: Browser, live_server, furnished: AccountInfo) -> None:
    page = visit(browser, live_server.url, ("light", 390, "en"))
    sign_in(page)
    expect(page.locator("#reader")).to_be_hidden()
    page.locator("#list-scroll").evaluate("box => box.scrollTop = box.scrollHeight")
    expect(page.locator("#list-body .row")).to_have_count(73)
    page.locator("#list-scroll").evaluate("box => box.scrollTop = 0")
    page.locator("li.row .row-main").nth(3).click()
    expect(page.locator("#reader")).to_be_visible()
    expect(page.locator("#list")).to_be_hidden()
    page.locator("[data-back]").click()
    expect(page.locator("#list")).to_be_visible()
    expect(page.locator("#list-body .row")).to_have_count(73)
    page.locator("#list-body .check").nth(0).check(force=True)
    page.locator("#list-body .check").nth(2).click(modifiers=["Shift"], force=True)
    expect(page.locator("[data-picked]")).to_have_text("3")
    page.locator(".bulk-bar [value=trash]").click()
    expect(page.locator("#list-body .row")).to_have_count(70)
    expect(page.locator(".toast")).to_contain_text("3 messages moved to Trash")
    page.context.close()


def test_a_hostile_letter_runs_nothing(
    browser: Browser, live_server, furnished: AccountInfo, html_message: Callable[..., bytes],
    second_thread: Callable[..., Future[Any]],
) -> None:  # fmt: skip
    hostile = (
        "<p id=here>Read me</p><script>top.hacked = 1</script><img src=x onerror='top.hacked = 1'>"
        "<svg onload='top.hacked = 1'></svg><iframe srcdoc='<script>top.hacked = 1</script>'></iframe>"
        "<a href='javascript:top.hacked = 1'>click</a><style>@import url(http://t.example/x.css)</style>"
        "<form action='/webmail/logout/' method=post><button>x</button></form>"
    )

    def deliver() -> None:
        inbox = mailboxes.get_mailbox(furnished.id, "INBOX")
        append.append_messages(furnished.id, inbox.id, [NewMessage(html_message(hostile))])

    second_thread(deliver).result()
    page = visit(browser, live_server.url, LOOKS[0])
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    sign_in(page)
    page.locator("li.row .row-main").first.click()
    frame = page.frame_locator("#reader iframe")
    expect(frame.get_by_text("Read me")).to_be_visible()
    frame.get_by_text("click").click()
    assert page.evaluate("window.hacked") is None
    assert frame.locator("script, form, iframe, svg").count() == 0
    assert all(url.startswith(live_server.url) for url in asked), asked
    page.context.close()


def write_to_bob(page: Page, url: str) -> None:
    page.goto(f"{url}/webmail/write/")
    expect(page.locator("[data-typed]").first).to_be_visible()
    page.locator("[data-typed]").first.fill("bob@mondomaine.fr,")
    page.fill("[name=subject]", "Une seule fois")


def test_sending_twice_sends_once(browser: Browser, live_server, furnished: AccountInfo) -> None:
    page = visit(browser, live_server.url, LOOKS[0])
    sign_in(page)
    write_to_bob(page, live_server.url)
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.url.endswith("/write/send/") else None)
    page.locator("[data-send]").dblclick(no_wait_after=True)
    expect(page.locator(".toast")).to_contain_text("Message sent to")
    assert len(posts) == 1
    page.goto(f"{live_server.url}/webmail/")
    page.locator('[data-go="\\\\Sent"]').click()
    expect(page.locator("#list-body .row")).to_have_count(1)
    page.context.close()


def test_a_session_that_ends_while_writing_loses_no_word(browser: Browser, live_server, furnished: AccountInfo) -> None:
    page = visit(browser, live_server.url, LOOKS[0])
    sign_in(page)
    write_to_bob(page, live_server.url)
    page.fill("[name=text]", "Trois pages de texte")
    page.context.clear_cookies(name="facteur_session")
    page.locator("[data-send]").click()
    expect(page.locator("[data-signed-out]")).to_be_visible()
    with page.context.expect_page() as opened:
        page.locator("[data-signed-out] a").click()
    sign_in(opened.value)  # in the other tab, with a new token
    page.locator("[data-send]").click()
    expect(page.locator(".toast")).to_contain_text("Message sent to")
    page.context.close()


def test_reading_the_unread_goes_down_the_list(browser: Browser, live_server, furnished: AccountInfo) -> None:
    page = visit(browser, live_server.url, LOOKS[0])
    sign_in(page)
    page.goto(page.url + "?show=unread")
    rows = page.locator("#list-body .row")
    first, second = rows.nth(0).get_attribute("data-uid"), rows.nth(1).get_attribute("data-uid")
    rows.nth(0).locator(".row-main").click()
    expect(page.locator(f"#row-{first}:not(.row-unread)")).to_be_visible()
    expect(page.locator(f"#row-{first}.row-selected")).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator("#reader")).to_have_attribute("data-uid", second)
    page.context.close()


def test_menus_in_parts_that_are_swapped_break_no_policy(browser: Browser, live_server, furnished: AccountInfo) -> None:
    page = visit(browser, live_server.url, LOOKS[0])
    sign_in(page)
    page.locator("li.row .row-main").nth(0).click()
    expect(page.locator("#reader .letter")).to_be_visible()
    page.locator("[popovertarget=message-menu]").click()
    expect(page.locator("#message-menu")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("li.row .row-main").nth(1).click()
    expect(page.locator("#reader .conversation-head")).to_contain_text("Plan")
    assert not page.complaints  # type: ignore[attr-defined]
    page.context.close()


def test_a_long_name_leaves_room_for_the_buttons_behind_it(browser: Browser, live_server, furnished) -> None:
    page = visit(browser, live_server.url, ("light", 390, "en"))
    sign_in(page)
    page.locator("li.row .row-main", has_text=LONG).first.click()
    forward = page.locator(".answer [data-key=f]")
    expect(forward).to_be_visible()
    box = forward.bounding_box()
    assert box is not None and box["x"] + box["width"] <= 390
    page.context.close()
