"""alice with a password, and what the tests of the doors share."""

from types import SimpleNamespace

import pytest

from directory import accounts, domains
from security import passwords
from security.doors import Door

CLEAR = Door("imap", "192.0.2.1")
TLS = Door("imap", "192.0.2.1", encrypted=True)
NOW = 1_800_000_000.0


@pytest.fixture
def cast(db):
    return make_cast()


def make_cast():
    domains.create_domain("mondomaine.fr")
    people = SimpleNamespace(
        admin=accounts.create_account("admin@mondomaine.fr", is_admin=True),
        alice=accounts.create_account("alice@mondomaine.fr"),
        bob=accounts.create_account("bob@mondomaine.fr"),
    )
    passwords.set_password(people.alice.id, "user1")
    passwords.set_password(people.bob.id, "user2")
    return people
