"""Every page in a real browser: no error on the console, nothing that axe-core objects to, no sideways scrolling.

With FACTEUR_SHOTS=FOLDER each page is also written there as a PNG, to be compared with the mock-ups.
"""

import os
import time
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from directory import accounts, aliases, domains, groups
from directory.errors import NotFound
from mailstore import acl, public_folders, rights
from mailstore.models import Usage
from protocols.models import ConnectionRecord, Service, ServiceStatus
from protocols.runtime import services
from protocols.runtime.problems import Problem
from security import audit, certificates, policy_changes
from security.models import AuthenticationFailure
from tests.web.adminconsole.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PAGES = {
    "overview": "",
    "services": "services/",
    "service": "services/imap/",
    "domains": "domains/",
    "domain": "domains/mondomaine.fr/",
    "domain-delete": "domains/mondomaine.fr/delete/",
    "accounts": "accounts/",
    "accounts-none": "accounts/?q=nobody",
    "account-new": "accounts/new/",
    "account": "accounts/{bob}/",
    "account-delete": "accounts/{bob}/delete/",
    "aliases": "aliases/",
    "groups": "aliases/?show=groups",
    "alias-new": "aliases/new/",
    "group-new": "groups/new/",
    "group": "groups/{group}/",
    "group-delete": "groups/{group}/delete/",
    "folders": "folders/",
    "folder": "folders/mondomaine.fr/{folder}/",
    "folder-delete": "folders/mondomaine.fr/{folder}/delete/",
    "security": "security/",
    "exception-new": "security/exceptions/new/",
    "certificates": "certificates/",
    "certificate-import": "certificates/import/",
    "audit": "audit/",
    "settings": "settings/",
}
LOOKS = [("light", 1440, "en"), ("dark", 1440, "en"), ("light", 390, "en"), ("dark", 390, "fr"), ("light", 1440, "fr")]
LONG = "Anne-Sophie de La Rochefoucauld-Montbel, laboratoire de physique appliquée"


@pytest.fixture(scope="module")
def browser():
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


@pytest.fixture
def furnished(admin, alice, bob, live_server, second_thread) -> dict[str, int]:
    """A server with something on every page, and one service that cannot start."""
    long = accounts.create_account("anne-sophie.de-la-rochefoucauld-montbel@mondomaine.fr", display_name=LONG)
    accounts.create_account("stage1@mondomaine.fr", display_name="Stagiaire 1")
    accounts.update_account(accounts.find_account("stage1@mondomaine.fr").id, is_enabled=False)
    for account, used in ((bob, 94), (alice, 42), (long, 84)):
        accounts.update_account(account.id, quota_bytes=5 * 1024**3)
        Usage.objects.update_or_create(
            account_id=account.id, defaults={"size": used * 5 * 1024**3 // 100, "messages": used * 331}
        )
    domains.create_domain("atelier-électronique.example")
    domains.set_catch_all("mondomaine.fr", alice.address)
    aliases.create_alias("contact@mondomaine.fr", alice.address)
    aliases.create_alias("secretariat.pedagogique@mondomaine.fr", long.address)
    members = [alice.address, bob.address, long.address, admin.address, "stage1@mondomaine.fr"]
    group = groups.create_group("professeurs@mondomaine.fr", "Professeurs", members)
    policy_changes.create_ip_group("Printers", ["192.168.20.0/28", "2001:db8:20::/64"], 1)
    certificates.ensure_certificate("mailhost.mondomaine.fr")
    run_services()
    moment = int(time.time()) - 60
    ConnectionRecord.objects.bulk_create(
        ConnectionRecord(service="imap", grade=grade, started_at=moment, ended_at=moment)
        for grade, count in ((1, 842), (2, 96), (3, 9), (4, 2))
        for _ in range(count)
    )
    for tried in ("root@mondomaine.fr", "alice@mondomaine.fr"):
        AuthenticationFailure.objects.create(
            account_address=tried, remote_address="198.51.100.7", failed_at=int(time.time()) - 90
        )
    audit.record("account.create", admin.address, "127.0.0.1", "alice@mondomaine.fr")
    audit.record("policy.exception.create", admin.address, "127.0.0.1", "Printers: 192.168.20.0/28")
    return {"bob": bob.id, "group": group.id, "folder": second_thread(make_folder).result()}


def make_folder() -> int:
    """On another thread: Playwright's loop confuses the store's connection in this one."""
    folder = public_folders.create_folder("mondomaine.fr", "Annonces")
    for who, letters in (("anyone", "lrs"), ("group:professeurs", "lrswite"), ("alice@mondomaine.fr", "lri")):
        acl.set_rights(folder.acting_id, folder.id, acl.find_identifier(who), "replace", rights.parse(letters))
    return folder.id


def run_services() -> None:
    """What a supervising process would have written: all run, but POP3 has no port and HTTP starts."""
    services.list_services()
    for row in Service.objects.all():
        problem = Problem("in_use", {"port": 110, "owner": "dovecot (process 812)"})
        state = {"pop3": "failed", "imap": "starting"}.get(row.name, "running")
        ServiceStatus.objects.create(
            service=row,
            host="test",
            state=state,
            reason=problem.dump() if state == "failed" else "",
            listening=f"127.0.0.1:{row.port}",
            generation=row.generation,
            connections=row.port % 40,
            heartbeat_at=time.time() + 600,
        )


def visit(browser: Browser, url: str, look: tuple[str, int, str]) -> Page:
    theme, width, language = look
    context = browser.new_context(
        viewport={"width": width, "height": 900 if width > 600 else 844},
        color_scheme=theme,
        locale="fr-FR" if language == "fr" else "en-GB",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.complaints = []  # type: ignore[attr-defined]
    # A refused form is a 422, which Chromium also writes to its console.
    is_error = lambda message: message.type == "error" and "status of 422" not in message.text  # noqa: E731
    page.on("console", lambda message: is_error(message) and page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(url)
    return page


def sign_in(page: Page) -> None:
    page.fill("#id_address", "admin@mondomaine.fr")
    page.fill("#id_password", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector("nav.side", state="attached")


def judge(page: Page, name: str) -> list[str]:
    """What is wrong with the page as it stands."""
    problems = [f"{name}: {text}" for text in page.complaints]  # type: ignore[attr-defined]
    page.complaints.clear()  # type: ignore[attr-defined]
    for violation in Axe().run(page).response["violations"]:
        nodes = "; ".join(node["html"][:160] for node in violation["nodes"][:3])
        problems.append(f"{name}: {violation['id']} ({violation['help']}): {nodes}")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide > 0:
        problems.append(f"{name}: {wide} px wider than the window")
    return problems


def shoot(page: Page, name: str) -> None:
    folder = os.environ.get("FACTEUR_SHOTS")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: "-".join(str(part) for part in look))
def test_every_page_looks_right(browser, live_server, furnished, look):
    page = visit(browser, f"{live_server.url}/admin/login/", look)
    problems = judge(page, "login")
    shoot(page, f"login-{'-'.join(map(str, look))}")
    sign_in(page)
    for name, path in PAGES.items():
        page.goto(f"{live_server.url}/admin/{path.format(**furnished)}")
        page.wait_for_load_state("networkidle")
        problems += judge(page, name)
        shoot(page, f"{name}-{'-'.join(map(str, look))}")
    page.context.close()
    assert not problems, "\n".join(problems)


def test_the_first_run_page(browser, live_server, db):
    page = visit(browser, f"{live_server.url}/admin/", ("light", 1440, "en"))
    assert page.url.endswith("/admin/setup/")
    problems = judge(page, "setup")
    shoot(page, "setup-light-1440-en")
    page.fill("#id_domain", "mondomaine.fr")
    page.fill("#id_password", PASSWORD)
    page.fill("#id_again", "autre chose")
    page.click("button[type=submit]")
    problems += judge(page, "setup, refused")
    shoot(page, "setup-refused-light-1440-en")
    assert page.locator("#id_again").get_attribute("aria-invalid") == "true"
    page.fill("#id_password", PASSWORD)
    page.fill("#id_again", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_selector("nav.side")
    page.context.close()
    assert domains.find_domain("mondomaine.fr") is not None
    assert accounts.find_account("admin@mondomaine.fr").is_admin
    assert not problems, "\n".join(problems)


def test_the_services_table_follows_by_itself(browser, live_server, furnished):
    page = visit(browser, f"{live_server.url}/admin/login/", ("light", 1440, "en"))
    sign_in(page)
    page.goto(f"{live_server.url}/admin/services/")
    row = page.locator("tr#imap")
    assert "Starting" in row.inner_text()
    ServiceStatus.objects.filter(service__name="imap").update(state="running", connections=7)
    page.locator("tr#imap .state", has_text="Running").wait_for(timeout=3000)
    assert page.locator("[data-live-sign]").inner_text() == "Live"
    page.context.close()


def test_a_password_is_made_and_shown(browser, live_server, furnished):
    page = visit(browser, f"{live_server.url}/admin/login/", ("light", 1440, "en"))
    sign_in(page)
    page.goto(f"{live_server.url}/admin/accounts/new/")
    page.click("[data-makes]")
    made = page.input_value("#id_password")
    assert len(made) == 16
    assert page.locator("#id_password").get_attribute("type") == "text"
    page.fill("#id_localpart", "marie")
    page.select_option("#id_domain", "mondomaine.fr")
    page.click("button[type=submit]:has-text('Create account')")
    page.wait_for_selector(".toast")
    assert "marie@mondomaine.fr" in page.locator(".toast").inner_text()
    page.context.close()
    with pytest.raises(NotFound):
        accounts.get_account(999_999)
    assert accounts.find_account("marie@mondomaine.fr") is not None


def test_the_side_opens_on_a_phone(browser, live_server, furnished):
    page = visit(browser, f"{live_server.url}/admin/login/", ("light", 390, "en"))
    sign_in(page)
    assert not page.locator("#side").is_visible()
    page.click("[data-drawer=side]")
    page.wait_for_selector("#side", state="visible")
    shoot(page, "side-light-390-en")
    page.keyboard.press("Escape")
    page.wait_for_selector("#side", state="hidden")
    page.context.close()


def test_a_side_that_was_opened_before_the_script_ran_closes_too(browser, live_server, furnished):
    page = visit(browser, f"{live_server.url}/admin/login/", ("light", 390, "en"))
    sign_in(page)
    page.goto(f"{live_server.url}/admin/#side")
    page.reload()
    page.wait_for_selector("#side", state="visible")
    page.keyboard.press("Escape")
    page.wait_for_selector("#side", state="hidden")
    page.context.close()


def test_errors_warnings_and_toasts_look_right(browser, live_server, furnished):
    page = visit(browser, f"{live_server.url}/admin/login/", ("light", 1440, "en"))
    page.fill("#id_address", "admin@mondomaine.fr")
    page.fill("#id_password", "non")
    page.click("button[type=submit]")
    page.wait_for_selector("#id_password_error")
    problems = judge(page, "login, refused")
    shoot(page, "error-login")
    sign_in(page)
    page.goto(f"{live_server.url}/admin/accounts/{furnished['bob']}/")
    page.fill("#id_quota", "4")
    page.fill("#id_aliases", "alice@mondomaine.fr")
    page.click("button[form=edit]")
    page.wait_for_selector("#id_quota_error")
    problems += judge(page, "account, refused")
    shoot(page, "error-account")
    page.goto(f"{live_server.url}/admin/security/")
    page.check("input[value='2']")
    page.click("button[form=policy]")
    page.wait_for_selector("text=This page comes over plain HTTP")
    problems += judge(page, "security, warned")
    shoot(page, "warning-security")
    page.goto(f"{live_server.url}/admin/security/")
    page.click("[aria-label='Allow CRAM-MD5']")
    page.wait_for_selector(".toast")
    problems += judge(page, "security, switched")
    shoot(page, "toast-security")
    page.goto(f"{live_server.url}/admin/accounts/{furnished['bob']}/delete/")
    page.check("input[value='hand-over']")
    page.wait_for_selector("#id_heir", state="visible")
    shoot(page, "account-delete-hand-over")
    page.context.close()
    assert not problems, "\n".join(problems)


def test_the_console_works_without_script(browser, live_server, furnished):
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/admin/login/")
    sign_in(page)
    page.click("header.console-top a[href='#side']")
    page.click("#side >> text=Domains")
    page.fill("#id_name", "sans-script.example")
    page.click("button:has-text('Add domain')")
    page.wait_for_selector("text=sans-script.example is one of your domains now")
    page.goto(f"{live_server.url}/admin/security/")
    assert page.locator("form[action$='methods/PLAIN/'] button").is_visible()
    context.close()
    assert domains.find_domain("sans-script.example") is not None
