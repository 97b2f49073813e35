"""The cast without mailboxes: names are all that these tests need."""

from types import SimpleNamespace

import pytest

from directory import accounts, domains


@pytest.fixture
def cast(db):
    domains.create_domain("mondomaine.fr")
    make = accounts.create_account
    return SimpleNamespace(
        admin=make("admin@mondomaine.fr", is_admin=True),
        alice=make("alice@mondomaine.fr", display_name="Alice Martin"),
        bob=make("bob@mondomaine.fr", display_name="Bob Durand"),
        marie=make("marie@mondomaine.fr", display_name="Marie Castel"),
    )
