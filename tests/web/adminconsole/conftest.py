"""The cast at the console: an administrator who is signed in, alice who may not come in, bob."""

import pytest
from django.test import Client

from directory import domains
from directory.accounts import AccountInfo
from mailstore.accounts import create_account
from security import audit
from security.audit import AuditEntry

PASSWORD = "un bon mot de passe"


@pytest.fixture
def domain(db) -> str:
    return domains.create_domain("mondomaine.fr").name


@pytest.fixture
def admin(domain) -> AccountInfo:
    return create_account("admin@mondomaine.fr", PASSWORD, display_name="Élodie Marchand", is_admin=True)


@pytest.fixture
def alice(domain) -> AccountInfo:
    return create_account("alice@mondomaine.fr", PASSWORD, display_name="Alice Moreau")


@pytest.fixture
def bob(domain) -> AccountInfo:
    return create_account("bob@mondomaine.fr", PASSWORD)


def sign_in(address: str, password: str = PASSWORD) -> Client:
    """A browser that has gone through the sign-in page."""
    client = Client()
    answer = client.post("/admin/login/", {"address": address, "password": password})
    assert answer.status_code == 302, answer.content.decode()
    return client


@pytest.fixture
def console(admin) -> Client:
    """The administrator's browser."""
    return sign_in(admin.address)


@pytest.fixture
def outsider(admin, alice) -> Client:
    """Somebody who is signed in to the webmail, without rights."""
    client = Client()
    answer = client.post("/webmail/login/", {"address": alice.address, "password": PASSWORD})
    assert answer.status_code == 302
    return client


@pytest.fixture
def last_record():
    """The newest line of the audit log."""

    def read() -> AuditEntry:
        return audit.list_records(limit=1)[0]

    return read
