"""Aliases: other addresses of an account."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from directory import changes
from directory.errors import NotFound
from directory.models import Account, Alias
from directory.names import claim, fold_or_refuse


@dataclass(frozen=True, slots=True)
class AliasInfo:
    """An alias and the account that gets its mail."""

    id: int
    address: str
    account_id: int
    account_address: str


def create_alias(address: str, account: str) -> AliasInfo:
    """Make `address` another address of the account. BadName, NameTaken, NotFound."""
    with transaction.atomic():
        folded, domain = claim(address)
        alias = Alias.objects.create(address=folded, domain=domain, account_id=_account_id(account))
        changes.bump_after_commit()
    return get_alias(alias.pk)


def get_alias(alias_id: int) -> AliasInfo:
    """The alias of that id; NotFound."""
    alias = Alias.objects.select_related("account").filter(pk=alias_id).first()
    if alias is None:
        raise NotFound(_("This alias does not exist any more."))
    return _info(alias)


def update_alias(alias_id: int, account: str) -> AliasInfo:
    """Lead the alias to another account. NotFound."""
    get_alias(alias_id)
    Alias.objects.filter(pk=alias_id).update(account_id=_account_id(account))
    changes.bump_after_commit()
    return get_alias(alias_id)


def delete_alias(alias_id: int) -> None:
    """Mail to it is refused from now on. NotFound."""
    get_alias(alias_id)
    Alias.objects.filter(pk=alias_id).delete()
    changes.bump_after_commit()


def list_aliases(
    query: str = "", offset: int = 0, limit: int = 50, *, domain: str = "", account_ids: list[int] | None = None
) -> list[AliasInfo]:
    """A page of aliases by address; `query` matches either address."""
    found = _search(query, domain, account_ids).select_related("account").order_by("address")
    return [_info(alias) for alias in found[offset : offset + limit]]


def count_aliases(query: str = "", *, domain: str = "", account_ids: list[int] | None = None) -> int:
    return _search(query, domain, account_ids).count()


def _search(query: str, domain: str, account_ids: list[int] | None) -> QuerySet[Alias]:
    aliases = Alias.objects.all()
    if domain:
        aliases = aliases.filter(domain__name=domain)
    if account_ids is not None:
        aliases = aliases.filter(account_id__in=account_ids)
    for word in query.split():
        aliases = aliases.filter(Q(address__icontains=word) | Q(account__address__icontains=word))
    return aliases


def _account_id(address: str) -> int:
    account = Account.objects.filter(address=fold_or_refuse(address)).only("pk").first()
    if account is None:
        raise NotFound(_("There is no account %(address)s.") % {"address": address})
    return account.pk


def _info(alias: Alias) -> AliasInfo:
    return AliasInfo(alias.pk, alias.address, alias.account_id, alias.account.address)
