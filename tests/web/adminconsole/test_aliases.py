"""Aliases and groups."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory import accounts, aliases, domains, groups


def test_an_alias_comes_changes_and_goes(console, alice, bob, last_record):
    form = {"localpart": "Contact", "domain": "mondomaine.fr", "account": "bob@mondomaine.fr"}
    assert console.post("/admin/aliases/new/", form).status_code == 302
    alias = aliases.list_aliases()[0]
    assert (alias.address, alias.account_address) == ("contact@mondomaine.fr", bob.address)
    assert last_record().detail == "contact@mondomaine.fr -> bob@mondomaine.fr"
    console.post(f"/admin/aliases/{alias.id}/", {"account": alice.address})
    assert aliases.get_alias(alias.id).account_id == alice.id
    assert last_record().action == "alias.update"
    console.post(f"/admin/aliases/{alias.id}/delete/")
    assert aliases.list_aliases() == []
    assert last_record().action == "alias.delete"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"localpart": ""}, "id_localpart"),
        ({"localpart": "bob"}, "id_localpart"),
        ({"localpart": "a@b"}, "id_localpart"),
        ({"domain": "ailleurs.example"}, "id_domain"),
        ({"account": ""}, "id_account"),
        ({"account": "nobody@mondomaine.fr"}, "id_account"),
    ],
)
def test_a_bad_alias_comes_back(console, bob, change, field):
    domains.create_domain("second.example")
    form = {"localpart": "contact", "domain": "mondomaine.fr", "account": bob.address}
    answer = console.post("/admin/aliases/new/", form | change)
    assert answer.status_code == 422
    assert f'id="{field}_error"' in answer.content.decode()
    assert aliases.list_aliases() == []


def test_an_alias_is_not_led_to_nobody(console, bob):
    alias = aliases.create_alias("contact@mondomaine.fr", bob.address)
    answer = console.post(f"/admin/aliases/{alias.id}/", {"account": "nobody@mondomaine.fr"})
    assert answer.status_code == 422
    assert aliases.get_alias(alias.id) == alias


def test_a_group_comes_changes_and_goes(console, alice, bob, last_record):
    form = {
        "localpart": "profs",
        "domain": "mondomaine.fr",
        "name": "Professeurs",
        "members": "bob@mondomaine.fr\r\nALICE@mondomaine.fr\r\n\r\nbob@mondomaine.fr",
    }
    answer = console.post("/admin/groups/new/", form)
    assert answer["Location"] == "/admin/aliases/?show=groups"
    group = groups.list_groups()[0]
    assert group.members == (alice.address, bob.address)
    assert last_record().detail == "profs@mondomaine.fr: alice@mondomaine.fr, bob@mondomaine.fr"
    console.post(f"/admin/groups/{group.id}/", {"name": "Profs", "members": bob.address})
    assert groups.get_group(group.id).members == (bob.address,)
    assert last_record().action == "group.update"
    assert console.get(f"/admin/groups/{group.id}/delete/").status_code == 200
    assert groups.list_groups() != []
    console.post(f"/admin/groups/{group.id}/delete/")
    assert groups.list_groups() == []
    assert accounts.find_account(bob.address) is not None
    assert last_record().action == "group.delete"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"localpart": "bob"}, "id_localpart"),
        ({"members": "nobody@mondomaine.fr"}, "id_members"),
        ({"members": "pas une adresse"}, "id_members"),
        ({"name": "x" * 201}, "id_name"),
    ],
)
def test_a_bad_group_comes_back(console, bob, change, field):
    form = {"localpart": "profs", "domain": "mondomaine.fr", "name": "", "members": bob.address}
    answer = console.post("/admin/groups/new/", form | change)
    assert answer.status_code == 422
    assert f'id="{field}_error"' in answer.content.decode()
    assert groups.list_groups() == []


def test_the_list_searches_and_does_not_ask_for_each_row(console, bob):
    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert console.get(path).status_code == 200
        return len(captured)

    aliases.create_alias("a0@mondomaine.fr", bob.address)
    groups.create_group("g0@mondomaine.fr", "", [bob.address])
    paths = ("/admin/aliases/", "/admin/aliases/?show=groups")
    few = [queries(path) for path in paths]
    for number in range(1, 20):
        aliases.create_alias(f"a{number}@mondomaine.fr", bob.address)
        groups.create_group(f"g{number}@mondomaine.fr", "", [bob.address])
    assert [queries(path) for path in paths] == few
    page = console.get("/admin/aliases/?q=a7").content.decode()
    assert "a7@mondomaine.fr" in page
    assert "a8@mondomaine.fr" not in page
