"""Settings, the audit log, and the numbers of the overview."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from adminconsole.pages import wire
from directory import site
from mailstore import append, mailboxes
from protocols.models import ConnectionRecord
from protocols.runtime import pop3_rules as rules
from security import audit, certificates
from security.models import AuthenticationFailure


def test_the_host_name_and_its_certificate(console, last_record):
    certificates.ensure_certificate()
    assert console.post("/admin/settings/", {"hostname": "Courrier.Mondomaine.fr."}).status_code == 302
    assert site.hostname() == "courrier.mondomaine.fr"
    active = certificates.list_certificates()[0]
    assert (active.is_active, active.subject) == (True, "courrier.mondomaine.fr")
    assert last_record().detail == "mailhost.mondomaine.fr -> courrier.mondomaine.fr"


def test_the_rules_of_pop3(console, last_record):
    assert rules.current() == rules.Rules(0, None)
    form = {"login_delay": "60", "expire_days": "30"}
    page = console.post("/admin/settings/pop3/", form, follow=True).content.decode()
    assert rules.current() == rules.Rules(60, 30)
    assert (last_record().action, last_record().detail) == ("pop3.rules", "LOGIN-DELAY 60, EXPIRE 30")
    assert 'value="60"' in page
    assert 'value="30"' in page
    console.post("/admin/settings/pop3/", {"login_delay": "0", "expire_days": ""})
    assert rules.current() == rules.Rules(0, None)


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"login_delay": "", "expire_days": ""}, "login_delay"),
        ({"login_delay": "-1"}, "login_delay"),
        ({"login_delay": "86401"}, "login_delay"),
        ({"login_delay": "0", "expire_days": "-1"}, "expire_days"),
        ({"login_delay": "0", "expire_days": "soon"}, "expire_days"),
        ({"login_delay": "0", "expire_days": "3651"}, "expire_days"),
    ],
)
def test_bad_rules_of_pop3_come_back(console, form, field):
    answer = console.post("/admin/settings/pop3/", form)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f'id="id_{field}_error"' in page
    assert page.count('role="alert"') == 1
    assert 'value="mailhost.mondomaine.fr"' in page
    assert rules.current() == rules.Rules(0, None)


@pytest.mark.parametrize("name", ["", "mailhost", "mail host.example", "-mail.example", "a" * 64 + ".example"])
def test_a_bad_host_name_comes_back(console, name):
    answer = console.post("/admin/settings/", {"hostname": name})
    assert answer.status_code == 422
    assert 'id="id_hostname_error"' in answer.content.decode()
    assert site.hostname() == "mailhost.mondomaine.fr"


def test_no_secret_of_the_environment_is_shown(console, settings):
    page = console.get("/admin/settings/").content.decode()
    assert "DATABASE_URL" in page
    assert settings.SECRET_KEY not in page
    assert settings.STORAGE_KEY not in page


def test_the_log_is_paged_and_narrowed_to_one_actor(console):
    for number in range(60):
        audit.record("account.create", "chef@mondomaine.fr", "192.0.2.1", f"eleve{number}@mondomaine.fr")
    audit.record("unheard of", "", "", "<b>detail</b>")
    page = console.get("/admin/audit/").content.decode()
    assert "Created an account" in page
    assert "unheard of" in page
    assert "&lt;b&gt;detail" in page
    assert "1 to 50 of 62" in page
    second = console.get("/admin/audit/?actor=chef@mondomaine.fr&page=2").content.decode()
    assert "eleve0@mondomaine.fr" in second
    assert "Signed in" not in second


def test_the_numbers_of_the_overview_are_true(console, alice):
    inbox = mailboxes.get_mailbox(alice.id, "INBOX")
    append.append_messages(alice.id, inbox.id, [append.NewMessage(b"Subject: Salut\r\n\r\nBonjour\r\n")] * 3)
    now = int(time.time())
    for age in (10, 60, 5000):
        AuthenticationFailure.objects.create(
            account_address="root@mondomaine.fr", remote_address="198.51.100.7", failed_at=now - age
        )
    overview = console.get("/admin/").context["overview"]
    assert (overview.accounts, overview.messages) == (2, 3)
    assert overview.storage == 3 * len(b"Subject: Salut\r\n\r\nBonjour\r\n")
    assert overview.failure_count == 2
    assert overview.changes[0].entry.action == "sign in"


def test_the_overview_asks_the_same_whatever_there_is(console, alice):
    console.get("/admin/")
    with CaptureQueriesContext(connection) as few:
        console.get("/admin/")
    for number in range(30):
        audit.record("account.create", "chef@mondomaine.fr", "192.0.2.1", f"{number}")
        AuthenticationFailure.objects.create(account_address="x", remote_address="y", failed_at=int(time.time()))
    with CaptureQueriesContext(connection) as lots:
        console.get("/admin/")
    assert len(lots) == len(few)


@pytest.mark.parametrize(
    ("counts", "widths"),
    [
        ({}, [0, 0, 0, 0]),
        ({1: 7}, [1000, 0, 0, 0]),
        ({1: 1000, 4: 1}, [975, 0, 0, 20]),
    ],
)
def test_the_bar_shows_the_rarest_grade_too(db, counts, widths):
    now = int(time.time())
    ConnectionRecord.objects.bulk_create(
        ConnectionRecord(service="imap", grade=grade, started_at=now, ended_at=now)
        for grade, count in counts.items()
        for _ in range(count)
    )
    lines = wire.grade_lines(now - 60)
    assert [line.count for line in lines] == [counts.get(grade, 0) for grade in (1, 2, 3, 4)]
    assert [line.width for line in lines] == widths
    assert all(line.x + line.width <= wire.WIDTH for line in lines if line.width)
