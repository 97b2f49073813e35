"""The policy: levels, methods, exceptions; and that the administrator keeps his door."""

import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from protocols.models import Service, ServiceStatus
from protocols.runtime import services
from security import policy_changes
from security.methods import count_by_method
from security.passwords import set_password
from security.policy import current


@pytest.fixture
def https(db):
    """HTTPS runs, as its supervising process says."""
    services.list_services()
    row = Service.objects.get(name="https")
    ServiceStatus.objects.create(
        service=row, host="test", state="running", generation=row.generation, heartbeat_at=time.time() + 600
    )


def test_over_plain_http_a_stricter_level_warns_first(console, https, last_record):
    answer = console.post("/admin/security/", {"level": "1"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "This page comes over plain HTTP" in page
    assert "/admin/certificates/ca.crt" in page
    assert current().level == 0
    answer = console.post("/admin/security/", {"level": "1", "confirmed": "on"})
    assert answer.status_code == 302
    assert current().level == 1
    assert (last_record().action, last_record().detail) == ("policy.level", "Require secure authentication")
    assert console.get("/admin/security/")["Location"].startswith("https://")


@pytest.mark.parametrize("level", ["1", "2"])
def test_nobody_is_locked_out_when_https_does_not_run(console, level):
    answer = console.post("/admin/security/", {"level": level, "confirmed": "on"})
    assert answer.status_code == 422
    assert "HTTPS is not running" in answer.content.decode()
    assert current().level == 0


def test_over_https_every_level_is_applied_at_once(admin, domain):
    from tests.web.adminconsole.conftest import PASSWORD

    client = Client()
    client.post("/admin/login/", {"address": admin.address, "password": PASSWORD}, secure=True)
    for level in (2, 1, 0):
        assert client.post("/admin/security/", {"level": str(level)}, secure=True).status_code == 302
        assert current().level == level
        assert client.get("/admin/security/", secure=True).status_code == 200


@pytest.mark.parametrize("form", [{}, {"level": "3"}, {"level": "x"}])
def test_a_level_that_does_not_exist_comes_back(console, https, form):
    assert console.post("/admin/security/", form).status_code == 422
    assert current().level == 0


def test_an_exception_keeps_its_plain_door(console, https):
    policy_changes.create_ip_group("Here", ["127.0.0.1"], 0)
    policy_changes.set_level(1)
    assert console.post("/admin/security/", {"level": "2"}).status_code == 302
    assert current().level == 2
    assert console.get("/admin/security/").status_code == 200


def test_a_method_is_switched_at_once(console, alice, last_record):
    assert next(use for use in count_by_method(("CRAM-MD5",))).accounts == 2
    console.post("/admin/security/methods/CRAM-MD5/", {})
    assert "CRAM-MD5" not in current().mechanisms
    assert last_record().detail == "CRAM-MD5 off"
    assert next(use for use in count_by_method(("CRAM-MD5",))).accounts == 0
    page = console.get("/admin/security/").content.decode()
    assert "0 keep a secret" in page
    console.post("/admin/security/methods/CRAM-MD5/", {"on": "on"})
    assert "CRAM-MD5" in current().mechanisms


@pytest.mark.parametrize("method", ["DIGEST-MD5", "NTLM", "APOP"])
def test_an_old_method_is_off_until_it_is_wanted(console, alice, last_record, method):
    page = console.get("/admin/security/").content.decode()
    assert f'aria-label="Allow {method}"' in page
    assert not next(use for use in count_by_method((method,))).is_on
    console.post(f"/admin/security/methods/{method}/", {"on": "on"})
    assert method in current().mechanisms
    assert last_record().detail == f"{method} on"
    account = console.get(f"/admin/accounts/{alice.id}/").content.decode()
    assert f'<span class="muted">{method}</span><span class="hint push">no secret kept</span>' in account
    set_password(alice.id, "user1")
    account = console.get(f"/admin/accounts/{alice.id}/").content.decode()
    assert f"<span>{method}</span></li>" in account
    names = [name for name in ("DIGEST-MD5", "CRAM-MD5", "NTLM", "APOP") if name in (method, "CRAM-MD5")]
    assert f"Also {', '.join(names)}" in console.get("/admin/accounts/").content.decode()


def test_the_last_method_stays(console):
    policy_changes.set_mechanisms(["PLAIN"])
    answer = console.post("/admin/security/methods/PLAIN/", {}, follow=True)
    assert "With no method left" in answer.content.decode()
    assert current().mechanisms == ("PLAIN",)


def test_an_unknown_method_is_not_found(console):
    assert console.post("/admin/security/methods/KERBEROS/", {"on": "on"}).status_code == 404


def test_an_exception_comes_changes_and_goes(console, last_record):
    form = {"name": "Printers", "networks": "192.168.20.5/28, 2001:db8::/32\r\n10.0.0.1", "level": "1"}
    assert console.post("/admin/security/exceptions/new/", form).status_code == 302
    group = current().groups[0]
    assert group.networks == ("192.168.20.0/28", "2001:db8::/32", "10.0.0.1/32")
    assert last_record().action == "policy.exception.create"
    console.post(
        f"/admin/security/exceptions/{group.id}/", {"name": "Scanners", "networks": "10.0.0.0/8", "level": "0"}
    )
    changed = current().groups[0]
    assert (changed.name, changed.networks, changed.level) == ("Scanners", ("10.0.0.0/8",), 0)
    console.post(f"/admin/security/exceptions/{group.id}/delete/")
    assert current().groups == ()
    assert last_record().action == "policy.exception.delete"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "id_name"),
        ({"name": "Printers"}, "id_name"),
        ({"networks": ""}, "id_networks"),
        ({"networks": "192.168.20.300"}, "id_networks"),
        ({"networks": "10.0.0.0/8\n10.0.0.0/33"}, "id_networks"),
        ({"level": "7"}, "id_level"),
    ],
)
def test_a_bad_exception_comes_back(console, change, field):
    policy_changes.create_ip_group("Printers", ["192.168.20.0/28"], 1)
    answer = console.post(
        "/admin/security/exceptions/new/", {"name": "New", "networks": "10.0.0.1", "level": "0"} | change
    )
    assert answer.status_code == 422
    assert f'id="{field}_error"' in answer.content.decode()
    assert len(current().groups) == 1


def test_no_exception_shuts_the_only_door(console):
    """HTTPS does not run: an exception that would want it here is refused, new, changed or taken away."""
    form = {"name": "Here", "networks": "10.0.0.0/8 127.0.0.0/8", "level": "2"}
    answer = console.post("/admin/security/exceptions/new/", form)
    assert answer.status_code == 422
    assert "HTTPS is not running" in answer.content.decode()
    group = policy_changes.create_ip_group("Here", ["127.0.0.0/8"], 0)
    url = f"/admin/security/exceptions/{group.id}/"
    assert console.post(url, form | {"level": "1"}).status_code == 422
    policy_changes.set_level(2)
    assert console.post(url, form | {"level": "0", "networks": "10.0.0.0/8"}).status_code == 422
    console.post(f"{url}delete/")
    assert current().groups == (group,)
    assert console.get("/admin/security/").status_code == 200


def test_the_queries_do_not_grow_with_the_exceptions(console):
    console.get("/admin/security/")
    with CaptureQueriesContext(connection) as few:
        console.get("/admin/security/")
    for number in range(20):
        policy_changes.create_ip_group(f"Group {number}", [f"10.0.{number}.0/24"], 0)
    console.get("/admin/security/")
    with CaptureQueriesContext(connection) as lots:
        console.get("/admin/security/")
    assert len(lots) <= len(few) + 1


def test_pages_lead_to_the_port_that_https_has(console, https, settings):
    policy_changes.create_ip_group("Elsewhere", ["192.0.2.0/24"], 0)
    services.configure("https", port=8443)
    policy_changes.set_level(2)
    assert f":{8443 + settings.PORT_OFFSET}/" in Client().get("/webmail/")["Location"]
    Service.objects.filter(name="https").update(wanted=False)
    assert Client().get("/webmail/").status_code == 403
