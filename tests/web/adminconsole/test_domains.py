"""Domains: adding, changing, deleting."""

import pytest

from directory import domains
from mailstore.accounts import create_account


def test_adding(console, last_record):
    answer = console.post("/admin/domains/", {"name": "École.example"}, follow=True)
    assert "école.example is one of your domains now" in answer.content.decode()
    assert domains.find_domain("xn--cole-9oa.example") is not None
    assert (last_record().action, last_record().actor) == ("domain.create", "admin@mondomaine.fr")


@pytest.mark.parametrize("name", ["", "pas un domaine", "mondomaine.fr", "192.168.1.1"])
def test_a_bad_or_taken_name_comes_back(console, name):
    answer = console.post("/admin/domains/", {"name": name})
    assert answer.status_code == 422
    assert 'id="id_name_error"' in answer.content.decode()
    assert len(domains.list_domains()) == 1


def test_catch_all_and_primary(console, alice, last_record):
    domains.create_domain("atelier.example")
    form = {"catch_all": "ALICE@mondomaine.fr", "is_primary": "on"}
    answer = console.post("/admin/domains/atelier.example/", form)
    assert answer.status_code == 302
    changed = domains.get_domain("atelier.example")
    assert (changed.catch_all, changed.is_primary) == (alice.address, True)
    assert last_record().action == "domain.primary"
    console.post("/admin/domains/atelier.example/", {"catch_all": "", "is_primary": "on"})
    assert domains.get_domain("atelier.example").catch_all == ""


def test_a_catch_all_that_does_not_exist_comes_back(console):
    answer = console.post("/admin/domains/mondomaine.fr/", {"catch_all": "nobody@mondomaine.fr", "is_primary": "on"})
    assert answer.status_code == 422
    assert "There is no account nobody@mondomaine.fr" in answer.content.decode()


def test_a_domain_in_use_stays_and_says_why(console):
    answer = console.post("/admin/domains/mondomaine.fr/delete/")
    assert answer.status_code == 422
    assert "still has 1 account" in answer.content.decode()
    assert domains.find_domain("mondomaine.fr") is not None
    assert "Delete domain" not in console.get("/admin/domains/mondomaine.fr/delete/").content.decode()


def test_an_unused_domain_goes(console, last_record):
    domains.create_domain("atelier.example")
    assert console.get("/admin/domains/atelier.example/delete/").status_code == 200
    assert domains.find_domain("atelier.example") is not None
    assert console.post("/admin/domains/atelier.example/delete/").status_code == 302
    assert domains.find_domain("atelier.example") is None
    assert last_record().detail == "atelier.example"


def test_the_list_takes_as_many_queries_for_twenty_domains(console, django_assert_max_num_queries):
    for number in range(20):
        domains.create_domain(f"d{number}.example")
        create_account(f"x@d{number}.example", "mot de passe") if number < 2 else None
    with django_assert_max_num_queries(10):
        assert console.get("/admin/domains/").status_code == 200
