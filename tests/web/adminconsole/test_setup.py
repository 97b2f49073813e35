"""The first-run page."""

import threading

import pytest
from django.db import connections
from django.test import Client

from directory import accounts, domains, site
from mailstore import mailboxes
from security import certificates
from tests.web.adminconsole.conftest import PASSWORD

GOOD = {
    "hostname": "Mail.Ecole.example",
    "domain": "ecole.example",
    "localpart": "chef",
    "password": PASSWORD,
    "again": PASSWORD,
}


def test_a_new_server_leads_there(db):
    assert Client().get("/admin/", follow=True).redirect_chain[-1][0] == "/admin/setup/"


def test_it_sets_name_domain_and_administrator_and_signs_in(db, last_record):
    client = Client()
    answer = client.post("/admin/setup/", GOOD)
    assert answer.status_code == 302
    assert site.hostname() == "mail.ecole.example"
    assert [domain.name for domain in domains.list_domains()] == ["ecole.example"]
    account = accounts.find_account("chef@ecole.example")
    assert account.is_admin
    assert len(mailboxes.list_mailboxes(account.id)) == 6
    assert certificates.list_certificates()[0].subject == "mail.ecole.example"
    assert last_record().action == "site.setup"
    assert client.get("/admin/").status_code == 200


def test_it_is_closed_for_ever_afterwards(db):
    Client().post("/admin/setup/", GOOD)
    assert Client().get("/admin/setup/").status_code == 404
    assert Client().post("/admin/setup/", GOOD | {"localpart": "intruder"}).status_code == 404
    assert accounts.find_account("intruder@ecole.example") is None


def test_it_is_closed_where_there_is_an_administrator(admin):
    assert Client().get("/admin/setup/").status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"hostname": "mailhost"}, "id_hostname"),
        ({"hostname": "mail_host.example"}, "id_hostname"),
        ({"domain": "pas un domaine"}, "id_domain"),
        ({"localpart": "chef@ecole.example"}, "id_localpart"),
        ({"localpart": "le chef"}, "id_localpart"),
        ({"password": "court", "again": "court"}, "id_password"),
        ({"again": "autre chose"}, "id_again"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_made(db, change, field):
    answer = Client().post("/admin/setup/", GOOD | change)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#{field}"' in page
    assert f'id="{field}_error"' in page
    assert domains.list_domains() == []
    assert not site.is_set_up()


@pytest.mark.django_db(transaction=True)
def test_two_browsers_at_once_make_one_administrator():
    """Whoever comes second is told that the page is closed, also with another domain; nothing of his stays."""
    answers = []
    together = threading.Barrier(3)

    def send(number):
        client = Client()
        together.wait(30)
        try:
            values = {"domain": f"ecole{number}.example", "hostname": f"mail{number}.ecole.example"}
            answers.append(client.post("/admin/setup/", GOOD | values).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answers) == [302, 404, 404]
    assert len(accounts.list_administrators()) == 1
    assert len(domains.list_domains()) == 1
    assert site.hostname() == f"mail{domains.list_domains()[0].name[5]}.ecole.example"
