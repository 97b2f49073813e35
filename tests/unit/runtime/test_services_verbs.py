"""The console's verbs over the rows, without a running server."""

import time

import pytest

from protocols.models import Service, ServiceStatus
from protocols.runtime import services, status
from protocols.runtime.catalogue import CATALOGUE, real_port
from protocols.runtime.problems import Problem
from protocols.runtime.rows import apply_startup, read_rows

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def rows():
    Service.objects.all().delete()
    services.list_services()


def _say(name: str, **values: object) -> None:
    row = Service.objects.get(name=name)
    fields = {"state": "running", "generation": row.generation, "heartbeat_at": time.time(), **values}
    ServiceStatus.objects.update_or_create(service=row, host=status.socket.gethostname(), defaults=fields)


def test_all_services_are_listed_with_their_ports():
    views = services.list_services()
    assert [view.name for view in views] == list(CATALOGUE)
    smtp = views[0]
    assert (smtp.title, smtp.port, smtp.real_port) == ("SMTP", 25, real_port(25))
    assert smtp.state == "failed"
    assert "runmailservices" in smtp.reason


def test_a_fresh_status_is_shown_and_a_stale_one_is_not():
    _say("imap", listening="127.0.0.1:10143", connections=7)
    view = services.get_service("imap")
    assert (view.state, view.listening, view.connections, view.reason) == ("running", ("127.0.0.1:10143",), 7, "")
    _say("imap", heartbeat_at=time.time() - status.STALE_AFTER - 1)
    assert services.get_service("imap").state == "failed"


def test_a_reason_is_shown_in_words():
    _say("imap", state="failed", reason=Problem("no_such_address", {"address": "192.0.2.1"}).dump())
    assert services.get_service("imap").reason.startswith("192.0.2.1 is not an address")


def test_stop_and_start_change_what_is_wanted(monkeypatch):
    monkeypatch.setattr(services, "SETTLE_SECONDS", 0)
    before = Service.objects.get(name="pop3").generation
    assert services.stop("pop3").state == "stopped"
    assert services.start("pop3").wanted
    assert Service.objects.get(name="pop3").generation == before + 2


def test_a_change_is_unsettled_until_the_server_has_followed(monkeypatch):
    monkeypatch.setattr(services, "SETTLE_SECONDS", 0)
    _say("imap")
    assert services.restart("imap").settled is False
    _say("imap")
    assert services.get_service("imap").settled is True


def test_disabled_services_do_not_start():
    services.configure("pop3", startup="disabled")
    assert services.get_service("pop3").wanted is False
    with pytest.raises(services.ServiceError) as caught:
        services.start("pop3")
    assert caught.value.field == "startup"


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"port": 0}, "port"),
        ({"port": 65_536}, "port"),
        ({"port": 143}, "port"),
        ({"addresses": ["mailhost"]}, "addresses"),
        ({"addresses": ["127.0.0.1", "1.2.3"]}, "addresses"),
        ({"startup": "sometimes"}, "startup"),
        ({"max_connections": 0}, "max_connections"),
        ({"max_connections_per_address": 10**9}, "max_connections_per_address"),
    ],
)
def test_a_bad_change_is_refused_and_changes_nothing(changes, field):
    before = Service.objects.filter(name="smtp").values().get()
    with pytest.raises(services.ServiceError) as caught:
        services.configure("smtp", **changes)
    assert caught.value.field == field
    assert caught.value.message
    assert Service.objects.filter(name="smtp").values().get() == before


def test_new_limits_open_nothing_anew():
    before = Service.objects.get(name="smtp").generation
    view = services.configure("smtp", max_connections=10, max_connections_per_address=2)
    assert (view.max_connections, view.max_connections_per_address) == (10, 2)
    assert Service.objects.get(name="smtp").generation == before


def test_a_new_address_opens_it_anew():
    before = Service.objects.get(name="smtp").generation
    view = services.configure("smtp", addresses=[" 127.0.0.1 ", "::1", ""])
    assert view.addresses == ("127.0.0.1", "::1")
    assert Service.objects.get(name="smtp").generation == before + 1
    [row] = read_rows(["smtp"])
    assert row.addresses == ("127.0.0.1", "::1")


def test_unknown_service():
    with pytest.raises(services.ServiceError):
        services.get_service("gopher")


def test_startup_types_decide_at_the_start_of_the_server():
    Service.objects.filter(name="imap").update(startup="manual", wanted=True)
    Service.objects.filter(name="smtp").update(wanted=False)
    apply_startup()
    assert Service.objects.get(name="imap").wanted is False
    assert Service.objects.get(name="smtp").wanted is True


def test_the_board_writes_changes_and_heartbeats_only():
    board = status.Board()
    board.set("imap", status.State("running", listening="127.0.0.1:10143", generation=1))
    board.write()
    first = ServiceStatus.objects.get(service__name="imap")
    assert first.state == "running"
    board.write()
    assert ServiceStatus.objects.get(service__name="imap").heartbeat_at == first.heartbeat_at
    board.set("imap", status.State("stopped", generation=2))
    board.write()
    second = ServiceStatus.objects.get(service__name="imap")
    assert (second.state, second.listening, second.generation) == ("stopped", "", 2)
    assert second.heartbeat_at > first.heartbeat_at
    status.forget(["imap"])
    assert not ServiceStatus.objects.filter(service__name="imap").exists()
