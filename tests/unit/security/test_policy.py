"""The three levels, the switches and the exceptions."""

import asyncio
import time

import pytest

from directory import freshness
from security import policy, policy_changes
from security.doors import Door
from security.errors import PolicyRefused
from security.models import Policy
from security.policy import DEFAULT_METHODS, ENCRYPTED_CONNECTION, NO_RESTRICTIONS, SECURE_AUTHENTICATION

pytestmark = pytest.mark.django_db
PRINTER = "192.168.20.3"


def door(protocol="imap", *, tls=False, address="192.0.2.1"):
    return Door(protocol, address, encrypted=tls, can_bind=tls)


def test_default_announces_all_but_plus_in_clear():
    info = policy.current()
    assert info.level == NO_RESTRICTIONS
    assert info.mechanisms_for(door()) == ("SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5", "PLAIN", "LOGIN")
    assert info.mechanisms_for(door(tls=True)) == DEFAULT_METHODS
    assert info.allows_plaintext(door())
    assert not info.requires_encryption(door())


def test_plus_needs_something_that_binds_to_the_channel():
    """A channel without a binding exists: TLS 1.3 under a certificate whose signature names no hash."""
    unbound = policy.current().mechanisms_for(Door("imap", "192.0.2.1", encrypted=True))
    assert unbound == tuple(name for name in DEFAULT_METHODS if not name.endswith("-PLUS"))
    assert not policy.current().would_allow_inside_tls("SCRAM-SHA-1-PLUS", door(tls=True))
    assert policy.current().would_allow_inside_tls("SCRAM-SHA-1-PLUS", door())


def test_apop_is_no_mechanism():
    info = policy_changes.set_mechanisms(["APOP", "CRAM-MD5"])
    assert info.mechanisms == ("CRAM-MD5", "APOP")
    assert info.mechanisms_for(door()) == ("CRAM-MD5",)
    policy_changes.set_level(SECURE_AUTHENTICATION)
    assert policy.current().allows("APOP", door("pop3"))
    policy_changes.set_level(ENCRYPTED_CONNECTION)
    assert not policy.current().allows("APOP", door("pop3"))
    assert not policy.current().would_allow_inside_tls("APOP", door("pop3"))


def test_secure_authentication():
    info = policy_changes.set_level(SECURE_AUTHENTICATION)
    for protocol in ("imap", "pop3", "smtp", "submission"):
        assert info.mechanisms_for(door(protocol)) == ("SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5")
        assert info.mechanisms_for(door(protocol, tls=True)) == DEFAULT_METHODS
        assert not info.allows_plaintext(door(protocol))
        assert info.allows_plaintext(door(protocol, tls=True))
        assert not info.requires_encryption(door(protocol))
    assert not info.allows_plaintext(door("web"))


def test_encrypted_connection():
    info = policy_changes.set_level(ENCRYPTED_CONNECTION)
    for protocol in ("imap", "pop3", "submission", "web"):
        assert info.mechanisms_for(door(protocol)) == ()
        assert info.requires_encryption(door(protocol))
        assert not info.requires_encryption(door(protocol, tls=True))
    # Mail from other servers still comes in without TLS; logins do not.
    assert not info.requires_encryption(door("smtp"))
    assert info.mechanisms_for(door("smtp")) == ()
    assert info.mechanisms_for(door("smtp", tls=True)) == DEFAULT_METHODS


def test_switches():
    info = policy_changes.set_mechanisms(["cram-md5", "SCRAM-SHA-256"])
    assert info.mechanisms_for(door(tls=True)) == ("SCRAM-SHA-256", "CRAM-MD5")
    assert not info.allows_plaintext(door(tls=True))
    assert info.allows_plaintext(door("web", tls=True))  # the web form has no switch
    for bad in ([], ["KERBEROS_V4"]):
        with pytest.raises(PolicyRefused):
            policy_changes.set_mechanisms(bad)
    assert policy.current() == info


def test_exceptions():
    policy_changes.set_level(ENCRYPTED_CONNECTION)
    policy_changes.create_ip_group("Printers", ["192.168.20.5/28", "2001:db8::/32"], SECURE_AUTHENTICATION)
    policy_changes.create_ip_group("One old printer", [PRINTER], NO_RESTRICTIONS)
    info = policy.current()
    assert info.groups[1].networks == ("192.168.20.0/28", "2001:db8::/32")
    assert info.level_for("192.168.20.1") == SECURE_AUTHENTICATION
    assert info.level_for("::ffff:192.168.20.1") == SECURE_AUTHENTICATION
    assert info.level_for("2001:db8::7") == SECURE_AUTHENTICATION
    assert info.level_for(PRINTER) == NO_RESTRICTIONS  # the most specific network wins
    assert info.level_for("192.168.21.1") == ENCRYPTED_CONNECTION
    assert info.level_for("nonsense") == ENCRYPTED_CONNECTION
    assert info.allows_plaintext(door(address=PRINTER))
    assert info.requires_encryption(door(address="10.0.0.1"))


def test_between_equal_networks_the_stricter_wins():
    policy_changes.create_ip_group("a", ["10.0.0.0/8"], ENCRYPTED_CONNECTION)
    policy_changes.create_ip_group("b", ["10.0.0.0/8"], NO_RESTRICTIONS)
    assert policy.current().level_for("10.1.1.1") == ENCRYPTED_CONNECTION


def test_ip_groups_are_edited():
    group = policy_changes.create_ip_group("Lab", ["10.0.0.0/8"], NO_RESTRICTIONS)
    changed = policy_changes.update_ip_group(group.id, " Lab  2 ", ["10.1.0.0/16", ""], SECURE_AUTHENTICATION)
    assert (changed.name, changed.networks, changed.level) == ("Lab 2", ("10.1.0.0/16",), SECURE_AUTHENTICATION)
    assert policy.current().groups == (changed,)
    policy_changes.delete_ip_group(group.id)
    assert policy.current().groups == ()
    with pytest.raises(PolicyRefused):
        policy_changes.delete_ip_group(group.id)


@pytest.mark.parametrize(
    ("name", "networks", "level"),
    [
        ("", ["10.0.0.0/8"], 0),
        ("x" * 101, ["10.0.0.0/8"], 0),
        ("a", [], 0),
        ("a", ["300.1.1.1"], 0),
        ("a", ["10.0.0.0/8"], 3),
        ("Lab", ["10.0.0.0/8"], 0),
        ("a", [f"10.0.{n % 250}.{n // 250}" for n in range(501)], 0),
    ],
)
def test_bad_ip_groups(name, networks, level):
    policy_changes.create_ip_group("Lab", ["10.0.0.0/8"], NO_RESTRICTIONS)
    with pytest.raises(PolicyRefused) as refusal:
        policy_changes.create_ip_group(name, networks, level)
    assert refusal.value.message
    assert len(policy.current().groups) == 1


def test_bad_level():
    with pytest.raises(PolicyRefused):
        policy_changes.set_level(7)


def test_versions_grow():
    versions = [
        policy.current().version,
        policy_changes.set_level(SECURE_AUTHENTICATION).version,
        policy_changes.set_mechanisms(["PLAIN"]).version,
    ]
    group = policy_changes.create_ip_group("Lab", ["10.0.0.0/8"], NO_RESTRICTIONS)
    versions.append(policy.current().version)
    policy_changes.delete_ip_group(group.id)
    versions.append(policy.current().version)
    assert versions == sorted(set(versions))


def test_another_process_changes_it(monkeypatch, django_assert_num_queries):
    policy_changes.set_level(NO_RESTRICTIONS)
    with django_assert_num_queries(0):
        policy.current()
    Policy.objects.update(level=ENCRYPTED_CONNECTION)  # as another process would
    clock = time.monotonic
    monkeypatch.setattr(freshness.time, "monotonic", lambda: clock() + freshness.MAX_AGE)
    assert policy.current().level == ENCRYPTED_CONNECTION
    assert freshness.MAX_AGE <= 1


@pytest.mark.django_db(transaction=True)
def test_it_may_be_asked_on_an_event_loop():
    policy_changes.set_level(SECURE_AUTHENTICATION)
    freshness.forget_all()

    async def ask():
        return policy.current().level

    assert asyncio.run(ask()) == SECURE_AUTHENTICATION
