"""Access getters: what an address names, or a 404."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import Http404

from directory import accounts, aliases, domains, groups
from directory.errors import NotFound

T = TypeVar("T")


def account_or_404(account_id: int) -> accounts.AccountInfo:
    return _or_404(accounts.get_account, account_id)


def alias_or_404(alias_id: int) -> aliases.AliasInfo:
    return _or_404(aliases.get_alias, alias_id)


def domain_or_404(name: str) -> domains.DomainInfo:
    return _or_404(domains.get_domain, name)


def group_or_404(group_id: int) -> groups.GroupInfo:
    return _or_404(groups.get_group, group_id)


def _or_404(get: Callable[[Any], T], key: object) -> T:
    try:
        return get(key)
    except NotFound as error:
        raise Http404(str(error)) from error
