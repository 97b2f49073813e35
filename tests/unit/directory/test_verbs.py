"""Domains, accounts, aliases and groups: the verbs and what they refuse."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory import accounts, aliases, domains, freshness, groups, site
from directory.errors import BadName, NameTaken, NotFound, StillInUse
from directory.models import Site


def test_first_domain_is_primary(db):
    first = domains.create_domain("MonDomaine.fr")
    second = domains.create_domain("bücher.example")
    assert (first.name, first.is_primary) == ("mondomaine.fr", True)
    assert (second.name, second.display_name, second.is_primary) == ("xn--bcher-kva.example", "bücher.example", False)
    assert [domain.name for domain in domains.list_domains()] == ["mondomaine.fr", "xn--bcher-kva.example"]
    assert domains.primary_domain() == "mondomaine.fr"
    domains.set_primary("bücher.example")
    assert domains.primary_domain() == "xn--bcher-kva.example"
    domains.delete_domain("bücher.example")
    assert domains.primary_domain() == "mondomaine.fr"


@pytest.mark.parametrize("name", ["", "mon domaine", "-x.fr", "[192.0.2.1]", "192.0.2.1", "a@b", "x" * 300])
def test_bad_domain_names(db, name):
    with pytest.raises(BadName) as refusal:
        domains.create_domain(name)
    assert "not a valid domain" in refusal.value.message


def test_a_domain_is_added_once(cast):
    with pytest.raises(NameTaken):
        domains.create_domain("MONDOMAINE.fr.")


def test_domain_with_accounts_stays(cast):
    with pytest.raises(StillInUse) as refusal:
        domains.delete_domain("mondomaine.fr")
    assert "4 accounts" in refusal.value.message
    assert domains.is_local("mondomaine.fr")


def test_domain_takes_its_aliases_and_groups_along(cast):
    domains.create_domain("autre.fr")
    aliases.create_alias("a@autre.fr", "alice@mondomaine.fr")
    groups.create_group("g@autre.fr")
    info = domains.get_domain("autre.fr")
    assert (info.accounts, info.aliases, info.groups) == (0, 1, 1)
    domains.delete_domain("autre.fr")
    assert aliases.count_aliases() == 0
    assert groups.count_groups() == 0


def test_what_is_in_a_domain_is_counted_apart(cast):
    """Joined to one another, accounts, aliases and groups would multiply: 10,000 x 100 x 20 rows."""
    for number in range(2):
        aliases.create_alias(f"a{number}@mondomaine.fr", "alice@mondomaine.fr")
        groups.create_group(f"g{number}@mondomaine.fr")
    with CaptureQueriesContext(connection) as asked:
        (info,) = domains.list_domains()
    assert (info.accounts, info.aliases, info.groups) == (4, 2, 2)
    assert [query["sql"].count(" JOIN ") for query in asked] == [1]  # the catch-all's account


def test_one_name_space(cast):
    aliases.create_alias("ventes@mondomaine.fr", "alice@mondomaine.fr")
    groups.create_group("classe@mondomaine.fr")
    for taken in ("ALICE@mondomaine.fr", "ventes@mondomaine.fr", "classe@mondomaine.fr"):
        for create in (
            accounts.create_account,
            groups.create_group,
            lambda address: aliases.create_alias(address, "bob@mondomaine.fr"),
        ):
            with pytest.raises(NameTaken):
                create(taken)


def test_names_need_their_domain(cast):
    with pytest.raises(NotFound) as refusal:
        accounts.create_account("alice@ailleurs.fr")
    assert "ailleurs.fr" in refusal.value.message
    with pytest.raises(BadName):
        accounts.create_account("pas une adresse")


def test_list_pages_and_searches(cast):
    aliases.create_alias("ventes@mondomaine.fr", "marie@mondomaine.fr")
    assert accounts.count_accounts() == 4
    page = accounts.list_accounts(offset=1, limit=2)
    assert [account.address for account in page] == ["alice@mondomaine.fr", "bob@mondomaine.fr"]
    assert [account.address for account in accounts.list_accounts("durand")] == ["bob@mondomaine.fr"]
    assert [account.address for account in accounts.list_accounts("ventes")] == ["marie@mondomaine.fr"]
    assert accounts.count_accounts("mondomaine alice") == 1
    assert accounts.count_accounts("100%") == 0
    assert accounts.list_accounts(domain="autre.fr") == []


def test_find_in_any_spelling(cast):
    assert accounts.find_account("Alice@MONDOMAINE.fr").id == cast.alice.id
    assert accounts.find_account("nobody@mondomaine.fr") is None
    assert accounts.find_account("\0") is None
    with pytest.raises(NotFound):
        accounts.get_account(10**9)


def test_update(cast):
    changed = accounts.update_account(cast.alice.id, display_name="Alice", quota_bytes=10, language="fr")
    assert (changed.display_name, changed.quota_bytes, changed.language) == ("Alice", 10, "fr")
    assert changed.credentials_version == cast.alice.credentials_version
    disabled = accounts.update_account(cast.alice.id, is_enabled=False)
    assert disabled.credentials_version == cast.alice.credentials_version + 1
    for bad in ({"display_name": "a\nb"}, {"display_name": "x" * 201}, {"quota_bytes": -1}):
        with pytest.raises(BadName):
            accounts.update_account(cast.alice.id, **bad)
    with pytest.raises(TypeError):
        accounts.update_account(cast.alice.id, password="x")


def test_the_last_administrator_stays(cast):
    for change in ({"is_admin": False}, {"is_enabled": False}):
        with pytest.raises(StillInUse):
            accounts.update_account(cast.admin.id, **change)
    with pytest.raises(StillInUse):
        accounts.delete_account(cast.admin.id)
    accounts.update_account(cast.alice.id, is_admin=True)
    accounts.update_account(cast.admin.id, is_admin=False)
    accounts.delete_account(cast.admin.id)
    assert [account.address for account in accounts.list_administrators()] == ["alice@mondomaine.fr"]


def test_deleting_an_account_frees_its_names(cast):
    aliases.create_alias("ventes@mondomaine.fr", "bob@mondomaine.fr")
    group = groups.create_group("classe@mondomaine.fr", members=["bob@mondomaine.fr", "marie@mondomaine.fr"])
    domains.set_catch_all("mondomaine.fr", "bob@mondomaine.fr")
    accounts.delete_account(cast.bob.id)
    assert groups.get_group(group.id).members == ("marie@mondomaine.fr",)
    assert domains.get_domain("mondomaine.fr").catch_all == ""
    accounts.create_account("ventes@mondomaine.fr")


def test_aliases(cast):
    alias = aliases.create_alias("Ventes@mondomaine.fr", "alice@mondomaine.fr")
    assert (alias.address, alias.account_address) == ("ventes@mondomaine.fr", "alice@mondomaine.fr")
    assert aliases.update_alias(alias.id, "bob@mondomaine.fr").account_id == cast.bob.id
    assert aliases.list_aliases("bob") == [aliases.get_alias(alias.id)]
    assert aliases.count_aliases(account_ids=[cast.alice.id]) == 0
    aliases.delete_alias(alias.id)
    for gone in (aliases.get_alias, aliases.delete_alias):
        with pytest.raises(NotFound):
            gone(alias.id)
    with pytest.raises(NotFound):
        aliases.create_alias("x@mondomaine.fr", "nobody@mondomaine.fr")
    assert aliases.count_aliases() == 0


def test_groups(cast, django_assert_max_num_queries):
    group = groups.create_group("classe@mondomaine.fr", "La classe", ["bob@mondomaine.fr"])
    assert groups.add_member(group.id, "Alice@mondomaine.fr").members == ("alice@mondomaine.fr", "bob@mondomaine.fr")
    assert groups.remove_member(group.id, "bob@mondomaine.fr").members == ("alice@mondomaine.fr",)
    renamed = groups.update_group(group.id, name="Les élèves", members=["marie@mondomaine.fr"])
    assert (renamed.name, renamed.members) == ("Les élèves", ("marie@mondomaine.fr",))
    with pytest.raises(NotFound):
        groups.update_group(group.id, name="Autre", members=["marie@mondomaine.fr", "nobody@mondomaine.fr"])
    assert groups.get_group(group.id) == renamed
    for number in range(5):
        groups.create_group(f"g{number}@mondomaine.fr", members=["alice@mondomaine.fr"])
    with django_assert_max_num_queries(2):
        assert len(groups.list_groups()) == 6
    assert groups.count_groups(member_id=cast.alice.id) == 5
    groups.delete_group(group.id)
    assert groups.count_groups("classe") == 0


def test_site(cast, settings):
    assert site.hostname() == settings.HOSTNAME_FQDN
    assert site.set_hostname("Mail.MonDomaine.fr") == "mail.mondomaine.fr"
    assert site.hostname() == "mail.mondomaine.fr"
    with pytest.raises(BadName):
        site.set_hostname("not a name")


def test_first_run(db):
    assert not site.is_set_up()
    domains.create_domain("mondomaine.fr")
    assert not site.is_set_up()
    accounts.create_account("admin@mondomaine.fr", is_admin=True)
    assert site.is_set_up()


def test_first_run_stays_closed(db):
    site.mark_set_up()
    assert site.is_set_up()


def test_a_change_by_another_process_is_followed(db, monkeypatch):
    assert site.hostname() == "mailhost.mondomaine.fr"
    Site.objects.create(pk=1, hostname="new.example")  # as another process would: no word to this one's caches
    assert site.hostname() == "mailhost.mondomaine.fr"
    clock = freshness.time.monotonic
    monkeypatch.setattr(freshness.time, "monotonic", lambda: clock() + freshness.MAX_AGE)
    assert site.hostname() == "new.example"
    assert freshness.MAX_AGE < 1
