"""Public folders: making them, giving rights, renaming, deleting."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory import domains
from mailstore import acl, mailboxes, public_folders, rights
from tests.conftest import DOMAIN

LIST = "/admin/folders/"


@pytest.fixture
def folder(console):
    console.post(LIST, {"name": "Annonces", "domain": DOMAIN, "everyone": "read"})
    (made,) = public_folders.list_folders(DOMAIN)
    return made


def page(folder, verb=""):
    return f"{LIST}{DOMAIN}/{folder.id}/{verb}"


def given(folder):
    return {each.identifier.written: rights.letters(each.rights) for each in acl.list_acl(folder.acting_id, folder.id)}


def test_making_one(console, alice, last_record):
    answer = console.post(LIST, {"name": "Annonces", "domain": DOMAIN, "everyone": "read"}, follow=True)
    assert "Annonces is there now" in answer.content.decode()
    assert last_record().action == "folder.create"
    assert mailboxes.get_mailbox(alice.id, "Public/Annonces").rights == rights.parse("lrs")
    console.post(LIST, {"name": "Secret", "domain": DOMAIN, "everyone": "none"})
    assert [box.name for box in mailboxes.list_mailboxes(alice.id) if box.reader] == ["Public/Annonces"]
    assert "Secret" in console.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("name", "where"),
    [("", DOMAIN), ("INBOX", DOMAIN), ("a//b", DOMAIN), ("Annonces", DOMAIN), ("x", "none.example")],
)
def test_what_cannot_be_made_comes_back(console, folder, name, where):
    assert console.post(LIST, {"name": name, "domain": where, "everyone": "read"}).status_code == 422
    assert [found.name for found in public_folders.list_folders(DOMAIN)] == ["Annonces"]


def test_rights(console, folder, alice, last_record):
    answer = console.post(page(folder), {"do": "share", "who": alice.address, "level": "write"})
    assert answer.status_code == 302 and last_record().action == "folder.update"
    assert given(folder) == {alice.address: "lrswited", "anyone": "lrs"}
    console.post(page(folder), {"do": "set", "who": "anyone", "level": "own", "rights": ["l"]})
    console.post(page(folder), {"do": "stop", "who": alice.address})
    assert given(folder) == {"anyone": "l"}
    for fields in (
        {"do": "share", "who": "nobody", "level": "read"},
        {"do": "share", "who": f"-{alice.address}", "level": "read"},
        {"do": "set", "who": "anyone", "level": "own"},
    ):
        assert console.post(page(folder), fields).status_code == 422
    assert console.post(page(folder), {"do": "x"}).status_code == 400
    assert given(folder) == {"anyone": "l"}


def test_renaming(console, folder):
    assert console.post(page(folder), {"do": "rename", "name": "Nouvelles"}).status_code == 302
    assert [found.name for found in public_folders.list_folders(DOMAIN)] == ["Nouvelles"]
    for name in ("", "INBOX", "a//b"):
        assert console.post(page(folder), {"do": "rename", "name": name}).status_code == 422


def test_deleting(console, folder, last_record):
    inner = public_folders.create_folder(DOMAIN, "Annonces/2026")
    assert "Delete folder" not in console.get(page(folder, "delete/")).content.decode()
    assert console.post(page(folder, "delete/")).status_code == 422
    for each in (inner, folder):
        assert console.get(page(each, "delete/")).status_code == 200
        assert console.post(page(each, "delete/")).status_code == 302
    assert last_record().action == "folder.delete"
    assert public_folders.list_folders(DOMAIN) == []


def test_what_is_no_public_folder_is_not_there(console, folder, inbox):
    domains.create_domain("example.org")
    for path in (
        f"{LIST}{DOMAIN}/{inbox.id}/",
        f"{LIST}example.org/{folder.id}/",
        f"{LIST}nirgends.example/{folder.id}/",
    ):
        assert console.get(path).status_code == console.post(path, {"do": "stop", "who": "anyone"}).status_code == 404
    assert console.get(f"{LIST}{DOMAIN}/{inbox.id}/delete/").status_code == 404


def test_who_is_no_administrator_does_not_get_in(client, folder):
    for path in (LIST, page(folder), page(folder, "delete/")):
        assert client.get(path).status_code == 302
        assert client.post(path, {"do": "stop", "who": "anyone"}).status_code == 302
    assert given(folder) == {"anyone": "lrs"}


def test_the_list_takes_as_many_queries_for_twenty_folders(console, folder, django_assert_num_queries):
    with CaptureQueriesContext(connection) as first:
        console.get(LIST)
    for number in range(20):
        public_folders.create_folder(DOMAIN, f"Dossier {number}")
    with django_assert_num_queries(len(first)):
        console.get(LIST)
