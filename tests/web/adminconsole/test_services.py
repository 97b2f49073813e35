"""Services: what the table says, and what its buttons ask of the supervising process."""

import time

import pytest

from protocols.models import Service, ServiceStatus
from protocols.runtime import services
from protocols.runtime.problems import Problem


@pytest.fixture
def supervised(db):
    """What a supervising process says: everything runs; it follows a change at once."""
    services.list_services()
    for row in Service.objects.all():
        ServiceStatus.objects.create(
            service=row,
            host="test",
            state="running",
            listening=f"127.0.0.1:{row.port}",
            generation=10_000,
            connections=3,
            heartbeat_at=time.time() + 600,
        )


def say(name: str, state: str, problem: Problem | None = None) -> None:
    reason = problem.dump() if problem else ""
    ServiceStatus.objects.filter(service__name=name).update(state=state, reason=reason)


def test_the_table_shows_every_service_with_its_port(console, supervised):
    page = console.get("/admin/services/").content.decode()
    for title, port in (("SMTP", "25"), ("Submission", "587"), ("IMAPS", "993"), ("POP3", "110"), ("HTTPS", "443")):
        assert f">{title}</a>" in page
        assert f"0{port}</" in page or f"{port}</" in page
    assert page.count("Running") == len(services.list_services())


def test_without_a_server_the_table_says_so(console):
    page = console.get("/admin/services/").content.decode()
    assert "The server is not running" in page
    assert "Mail is not flowing." in console.get("/admin/").content.decode()


def test_a_failure_stands_under_its_row_with_the_cure(console, supervised):
    say("pop3", "failed", Problem("in_use", {"port": 110, "owner": "dovecot (process 812)"}))
    page = console.get("/admin/services/").content.decode()
    assert "Port 110 is already in use by dovecot (process 812)." in page
    assert "/admin/services/pop3/#id_port" in page
    overview = console.get("/admin/").content.decode()
    assert "Mail is flowing. One service needs you." in overview
    assert 'class="badge badge-critical' in overview


def test_the_live_part_is_the_table_alone(console, supervised):
    answer = console.get("/admin/services/table/")
    assert "<html" not in answer.content.decode()
    assert "no-cache" in answer["Cache-Control"]
    say("imap", "starting")
    assert "Starting" in console.get("/admin/services/table/").content.decode()


def test_stop_start_and_restart_are_asked_of_the_row(console, supervised, last_record):
    before = Service.objects.get(name="imap").generation
    assert console.post("/admin/services/imap/stop/").status_code == 302
    assert Service.objects.get(name="imap").wanted is False
    assert (last_record().action, last_record().detail) == ("service.stop", "imap")
    console.post("/admin/services/imap/start/")
    assert Service.objects.get(name="imap").wanted is True
    console.post("/admin/services/imap/restart/")
    assert Service.objects.get(name="imap").generation == before + 3
    assert last_record().action == "service.restart"


def test_restarting_all(console, supervised, last_record):
    before = {row.name: row.generation for row in Service.objects.all()}
    Service.objects.filter(name="pop3").update(wanted=False)
    console.post("/admin/services/restart/")
    moved = {row.name for row in Service.objects.all() if row.generation > before[row.name]}
    assert moved == set(before) - {"pop3"}
    assert last_record().detail == "all"


def test_the_service_that_carries_this_page_cannot_be_stopped_from_it(console, supervised):
    console.post("/admin/services/http/stop/")
    assert Service.objects.get(name="http").wanted is True
    assert "/admin/services/http/stop/" not in console.get("/admin/services/").content.decode()
    form = FORM | {"port": "80", "startup": "disabled"}
    assert console.post("/admin/services/http/", form).status_code == 422
    console.post("/admin/services/https/stop/")
    assert Service.objects.get(name="https").wanted is False


FORM = {
    "port": "1143",
    "startup": "manual",
    "addresses": "127.0.0.1\r\n[::1]\r\n",
    "max_connections": "100",
    "max_connections_per_address": "10",
}


def test_configuring(console, supervised, last_record):
    assert console.post("/admin/services/imap/", FORM).status_code == 302
    row = Service.objects.get(name="imap")
    assert (row.port, row.startup, row.max_connections, row.max_connections_per_address) == (1143, "manual", 100, 10)
    assert row.addresses.split() == ["127.0.0.1", "::1"]
    assert last_record().action == "service.configure"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"port": ""}, "id_port"),
        ({"port": "0"}, "id_port"),
        ({"port": "70000"}, "id_port"),
        ({"port": "imap"}, "id_port"),
        ({"port": "993"}, "id_port"),
        ({"startup": "sometimes"}, "id_startup"),
        ({"addresses": "mailhost"}, "id_addresses"),
        ({"max_connections": "0"}, "id_max_connections"),
        ({"max_connections": "60000"}, "id_max_connections"),
        ({"max_connections_per_address": "x"}, "id_max_connections_per_address"),
    ],
)
def test_a_bad_setting_comes_back_and_nothing_is_changed(console, supervised, change, field):
    answer = console.post("/admin/services/imap/", FORM | change)
    assert answer.status_code == 422
    assert f'id="{field}_error"' in answer.content.decode()
    row = Service.objects.get(name="imap")
    assert (row.port, row.startup, row.addresses) == (143, "automatic", "")


def test_a_disabled_service_is_not_started(console, supervised):
    Service.objects.filter(name="imap").update(startup="disabled", wanted=False)
    answer = console.post("/admin/services/imap/start/", follow=True)
    assert "This service is disabled" in answer.content.decode()
    assert Service.objects.get(name="imap").wanted is False


@pytest.mark.parametrize(
    ("smtp", "sentence"),
    [
        ("running", "Mail is flowing."),
        ("starting", "The services are starting."),
        ("stopped", "No mail comes in: SMTP is stopped."),
        ("failed", "No mail comes in. One service needs you."),
    ],
)
def test_the_first_sentence_says_whether_mail_comes_in(console, supervised, smtp, sentence):
    say("smtp", smtp, Problem("not_selected") if smtp == "failed" else None)
    assert f"<h1>{sentence}</h1>" in console.get("/admin/").content.decode()
