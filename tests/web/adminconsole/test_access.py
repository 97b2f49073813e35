"""Every page of the console: needs a sign-in, refuses who has no rights, answers only its methods."""

import pytest
from django.test import Client
from django.urls import reverse

from adminconsole.urls import urlpatterns
from directory import aliases, groups
from mailstore import public_folders
from security import certificates, policy_changes

PUBLIC = {"login", "sign_out", "setup", "authority"}
POST_ONLY = {
    "restart_all",
    "service_start",
    "service_stop",
    "service_restart",
    "account_enable",
    "account_disable",
    "alias_delete",
    "method",
    "exception_delete",
    "certificate_reissue",
    "certificate_activate",
    "settings_pop3",
}
NAMES = sorted({pattern.name for pattern in urlpatterns} - PUBLIC)


@pytest.fixture
def address_of(admin, bob):
    """A real address for each name in the URL map."""
    alias = aliases.create_alias("contact@mondomaine.fr", bob.address)
    group = groups.create_group("profs@mondomaine.fr", "Profs", [bob.address])
    exception = policy_changes.create_ip_group("Printers", ["192.168.20.0/28"], 1)
    certificate = certificates.ensure_certificate("mailhost.mondomaine.fr")
    values = {
        "account_id": bob.id,
        "alias_id": alias.id,
        "certificate_id": certificate.id,
        "group_id": group.id,
        "mailbox_id": public_folders.create_folder("mondomaine.fr", "Annonces").id,
        "method": "PLAIN",
    }

    def build(name: str) -> str:
        pattern = next(pattern for pattern in urlpatterns if pattern.name == name)
        kwargs = {key: values[key] for key in pattern.pattern.converters if key in values}
        if "name" in pattern.pattern.converters:
            kwargs["name"] = "imap" if name.startswith("service") else "mondomaine.fr"
        if name.startswith("exception") and "group_id" in kwargs:
            kwargs["group_id"] = exception.id
        return reverse(f"adminconsole:{name}", kwargs=kwargs)

    return build


@pytest.mark.parametrize("name", NAMES)
def test_nobody_is_led_to_the_sign_in_page(name, address_of):
    address = address_of(name)
    answer = Client().post(address) if name in POST_ONLY else Client().get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("name", NAMES)
def test_who_has_no_rights_is_refused(name, address_of, outsider):
    address = address_of(name)
    answer = outsider.post(address) if name in POST_ONLY else outsider.get(address)
    assert answer.status_code == 403
    assert "Not for this account" in answer.content.decode()


@pytest.mark.parametrize("name", sorted(set(NAMES) - POST_ONLY))
def test_a_page_answers(name, address_of, console):
    answer = console.get(address_of(name))
    assert answer.status_code == 200


@pytest.mark.parametrize("name", sorted(POST_ONLY))
def test_a_change_is_not_made_by_a_link(name, address_of, console):
    assert console.get(address_of(name)).status_code == 405


@pytest.mark.parametrize("name", sorted(POST_ONLY))
def test_a_change_needs_the_forms_token(name, address_of, console):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = console.cookies
    assert strict.post(address_of(name)).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "accounts/999999/",
        "accounts/999999/delete/",
        "aliases/999999/",
        "groups/999999/",
        "domains/example.org/",
        "services/gopher/",
        "security/exceptions/999999/",
        "certificates/999999/chain.pem",
    ],
)
def test_what_does_not_exist_is_not_found(path, console):
    assert console.get(f"/admin/{path}").status_code == 404
