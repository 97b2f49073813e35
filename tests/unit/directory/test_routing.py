"""Where mail goes."""

from directory import accounts, aliases, domains, groups
from directory.routing import FOREIGN, UNKNOWN, Route, resolve


def test_account_alias_group(cast):
    aliases.create_alias("ventes@mondomaine.fr", "alice@mondomaine.fr")
    groups.create_group("classe@mondomaine.fr", members=["bob@mondomaine.fr", "marie@mondomaine.fr"])
    assert resolve("Alice@MonDomaine.fr") == Route("local", (cast.alice.id,))
    assert resolve('"alice"@mondomaine.fr') == Route("local", (cast.alice.id,))
    assert resolve("ventes@mondomaine.fr") == Route("local", (cast.alice.id,))
    assert resolve("classe@mondomaine.fr") == Route("local", (cast.bob.id, cast.marie.id))


def test_plus_address(cast):
    aliases.create_alias("ventes@mondomaine.fr", "alice@mondomaine.fr")
    exact = accounts.create_account("bob+prive@mondomaine.fr")
    assert resolve("alice+listes@mondomaine.fr").account_ids == (cast.alice.id,)
    assert resolve("ventes+2026@mondomaine.fr").account_ids == (cast.alice.id,)
    assert resolve("bob+prive@mondomaine.fr").account_ids == (exact.id,)
    assert resolve("nobody+x@mondomaine.fr") == UNKNOWN


def test_unknown_and_foreign(cast):
    assert resolve("nobody@mondomaine.fr") == UNKNOWN
    assert resolve("alice@ailleurs.fr") == FOREIGN
    assert resolve("alice@sub.mondomaine.fr") == FOREIGN
    assert resolve("alice@[127.0.0.1]") == FOREIGN
    assert resolve("not an address") == FOREIGN
    assert resolve("") == FOREIGN


def test_empty_group_takes_no_mail(cast):
    groups.create_group("vide@mondomaine.fr")
    assert resolve("vide@mondomaine.fr") == UNKNOWN


def test_disabled_accounts_receive(cast):
    accounts.update_account(cast.alice.id, is_enabled=False)
    assert resolve("alice@mondomaine.fr").account_ids == (cast.alice.id,)


def test_catch_all(cast):
    domains.set_catch_all("mondomaine.fr", "bob@mondomaine.fr")
    assert resolve("nobody@mondomaine.fr").account_ids == (cast.bob.id,)
    assert resolve("alice@mondomaine.fr").account_ids == (cast.alice.id,)
    assert resolve("nobody@ailleurs.fr") == FOREIGN
    domains.set_catch_all("mondomaine.fr", "")
    assert resolve("nobody@mondomaine.fr") == UNKNOWN


def test_postmaster_always_reaches_somebody(cast):
    """RFC 5321 section 4.5.1: also in any case, and without a domain."""
    domains.create_domain("autre.fr")
    domains.set_catch_all("mondomaine.fr", "bob@mondomaine.fr")
    for address in ("postmaster@mondomaine.fr", "PostMaster@autre.fr", "postmaster+x@autre.fr", "Postmaster"):
        assert resolve(address).account_ids == (cast.admin.id,), address
    assert resolve("postmaster@ailleurs.fr") == FOREIGN
    aliases.create_alias("postmaster@autre.fr", "marie@mondomaine.fr")
    assert resolve("postmaster@autre.fr").account_ids == (cast.marie.id,)
    assert resolve("postmaster+x@autre.fr").account_ids == (cast.marie.id,)


def test_postmaster_without_administrator(db):
    assert resolve("postmaster") == FOREIGN
    domains.create_domain("mondomaine.fr")
    assert resolve("postmaster@mondomaine.fr") == UNKNOWN
    only = accounts.create_account("alice@mondomaine.fr")
    assert resolve("postmaster@mondomaine.fr").account_ids == (only.id,)


def test_cost(cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        resolve("alice@mondomaine.fr")
    with django_assert_num_queries(2):
        resolve("alice+x@mondomaine.fr")
