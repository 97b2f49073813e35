"""The domains that this server is responsible for."""

import time
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory import changes
from directory.addresses import display_domain, fold_domain
from directory.errors import NameTaken, NotFound, StillInUse
from directory.freshness import Kept
from directory.models import Account, Alias, Domain, Group
from directory.names import fold_domain_or_refuse, fold_or_refuse


@dataclass(frozen=True, slots=True)
class DomainInfo:
    """A domain and what is in it."""

    id: int
    name: str  # A-labels
    display_name: str  # as people read it
    is_primary: bool
    catch_all: str  # the account's address, "" for none
    accounts: int
    aliases: int
    groups: int
    created_at: int


def create_domain(name: str) -> DomainInfo:
    """Add a domain; the first one is the primary. BadName, NameTaken."""
    folded = fold_domain_or_refuse(name)
    with transaction.atomic():
        first = not Domain.objects.select_for_update().filter(is_primary=True).exists()
        _domain, created = Domain.objects.get_or_create(
            name=folded, defaults={"is_primary": first, "created_at": int(time.time())}
        )
        if not created:
            raise NameTaken(_("The domain %(domain)s is already here.") % {"domain": folded})
        changes.bump_after_commit()
    return get_domain(folded)


def list_domains() -> list[DomainInfo]:
    """All domains, the primary first, then by name."""
    return [_info(domain) for domain in _with_counts().order_by("-is_primary", "name")]


def count_domains() -> int:
    return Domain.objects.count()


def find_domain(name: str) -> DomainInfo | None:
    """The domain of that name in any spelling, or None."""
    try:
        folded = fold_domain(name)
    except ValueError:
        return None
    domain = _with_counts().filter(name=folded).first()
    return _info(domain) if domain else None


def get_domain(name: str) -> DomainInfo:
    """The domain of that name; NotFound."""
    info = find_domain(name)
    if info is None:
        raise NotFound(_("There is no domain %(domain)s here.") % {"domain": name})
    return info


def primary_domain() -> str:
    """The name of the primary domain, "" when there is no domain. Kept (directory.freshness)."""
    return _primary.get()


def is_local(domain: str) -> bool:
    """Whether this server is responsible for the domain."""
    try:
        return Domain.objects.filter(name=fold_domain(domain)).exists()
    except ValueError:
        return False


def set_primary(name: str) -> DomainInfo:
    """Make the domain the one that bare user names belong to. NotFound."""
    folded = get_domain(name).name
    with transaction.atomic():
        Domain.objects.exclude(name=folded).update(is_primary=False)
        Domain.objects.filter(name=folded).update(is_primary=True)
        changes.bump_after_commit()
    return get_domain(folded)


def set_catch_all(name: str, address: str) -> DomainInfo:
    """Give mail for unknown local parts of the domain to an account; "" refuses such mail. NotFound."""
    domain = get_domain(name)
    account = None
    if address:
        account = Account.objects.filter(address=fold_or_refuse(address)).first()
        if account is None:
            raise NotFound(_("There is no account %(address)s.") % {"address": address})
    Domain.objects.filter(pk=domain.id).update(catch_all=account)
    changes.bump_after_commit()
    return get_domain(domain.name)


def delete_domain(name: str) -> None:
    """Remove a domain with its aliases and groups; StillInUse while it has accounts or public folders. NotFound."""
    info = get_domain(name)
    with transaction.atomic():
        Domain.objects.select_for_update().get(pk=info.id)
        accounts = Account.objects.people().filter(domain_id=info.id).count()
        if not accounts and Account.objects.filter(domain_id=info.id).exists():
            raise StillInUse(_("%(domain)s still has public folders. Delete them first.") % {"domain": info.name})
        if accounts:
            raise StillInUse(
                ngettext(
                    "%(domain)s still has %(count)d account. Delete it first.",
                    "%(domain)s still has %(count)d accounts. Delete them first.",
                    accounts,
                )
                % {"domain": info.name, "count": accounts}
            )
        Domain.objects.filter(pk=info.id).delete()
        heir = Domain.objects.order_by("created_at", "pk").first() if info.is_primary else None
        if heir is not None:
            Domain.objects.filter(pk=heir.pk).update(is_primary=True)
        changes.bump_after_commit()


def _with_counts():  # type: ignore[no-untyped-def]  # an annotated queryset has no nameable type
    return Domain.objects.select_related("catch_all").annotate(
        account_count=_how_many(Account.objects.people()),
        alias_count=_how_many(Alias.objects.all()),
        group_count=_how_many(Group.objects.all()),
    )


def _how_many(things: QuerySet[Any]) -> Coalesce:
    """Counted each for itself: joined to one another, a domain's accounts, aliases and groups multiply."""
    of_domain = things.filter(domain=OuterRef("pk")).order_by().values("domain")
    return Coalesce(Subquery(of_domain.annotate(count=Count("pk")).values("count")), 0)


def _info(domain: Domain) -> DomainInfo:
    accounts, aliases, groups = (getattr(domain, f"{what}_count") for what in ("account", "alias", "group"))
    return DomainInfo(
        domain.pk,
        domain.name,
        display_domain(domain.name),
        domain.is_primary,
        domain.catch_all.address if domain.catch_all else "",
        accounts,
        aliases,
        groups,
        domain.created_at,
    )


_primary: Kept[str] = Kept(lambda: Domain.objects.filter(is_primary=True).values_list("name", flat=True).first() or "")
