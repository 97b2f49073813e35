"""The account of a domain itself: it owns what belongs to all of the domain, its public folders.

Its address is the domain's with nothing before the "@". No such address can be written by anybody (fold_address refuses
it): no mail reaches it, nobody logs in as it, and no list of accounts has it. It is there as long as it owns something.
"""

import time

from directory.domains import get_domain
from directory.models import Account, Domain


def find_domain_account(domain: str) -> int | None:
    """Its id, None while there is none. NotFound: there is no such domain."""
    return Account.objects.filter(address=f"@{get_domain(domain).name}").values_list("pk", flat=True).first()


def get_or_create_domain_account(domain: str) -> int:
    """Inside a transaction: its id, made where it is missing; the domain is locked. NotFound."""
    name = get_domain(domain).name
    locked = Domain.objects.select_for_update().get(name=name)
    account = Account.objects.filter(address=f"@{name}").first()
    if account is None:
        account = Account(address=f"@{name}", domain=locked, is_enabled=False, created_at=int(time.time()))
        account.set_unusable_password()
        account.save(force_insert=True)
    return account.pk


def delete_domain_account(account_id: int) -> None:
    """Inside a transaction, once nothing belongs to it any more."""
    Account.objects.filter(pk=account_id, address__startswith="@").delete()
