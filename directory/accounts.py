"""Accounts: who can log in and own mailboxes.

create_account and delete_account here are the low level: mailstore.accounts wraps them with the
mailboxes and the password.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from directory import changes
from directory.addresses import fold_address, fold_domain
from directory.errors import BadName, NotFound, StillInUse
from directory.models import Account
from directory.names import claim

MAX_DISPLAY_NAME = 200  # characters; the column's width
# A change of one of these ends sessions and voids kept verifications.
_RIGHTS = ("is_enabled", "is_admin")
_CHANGEABLE = (*_RIGHTS, "display_name", "quota_bytes", "quota_messages", "language")


@dataclass(frozen=True, slots=True)
class AccountInfo:
    """An account as the other apps see it."""

    id: int
    address: str
    display_name: str
    is_enabled: bool
    is_admin: bool
    quota_bytes: int  # 0: no limit
    quota_messages: int  # 0: no limit
    language: str  # "": the browser's
    credentials_version: int
    created_at: int  # Unix seconds


@dataclass(frozen=True, slots=True)
class LoginRow:
    """An account and its password hash, for security.authentication."""

    info: AccountInfo
    password_hash: str = field(repr=False)


_COLUMNS = tuple(AccountInfo.__dataclass_fields__)


def get_account(account_id: int) -> AccountInfo:
    """The account of that id; NotFound."""
    found = find_account_by_id(account_id)
    if found is None:
        raise NotFound(_("This account does not exist any more."))
    return found


def find_account_by_id(account_id: int) -> AccountInfo | None:
    """The account of that id, or None; None also for that of a domain."""
    row = Account.objects.people().filter(pk=account_id).values_list(*_COLUMNS).first()
    return AccountInfo(*row) if row else None


def find_account(address: str) -> AccountInfo | None:
    """The account of that address in any spelling (not an alias), or None."""
    try:
        row = Account.objects.filter(address=fold_address(address)).values_list(*_COLUMNS).first()
    except ValueError:
        return None
    return AccountInfo(*row) if row else None


def find_login(folded_address: str) -> LoginRow | None:
    """The account and its password hash, or None. The address is folded already."""
    row = Account.objects.filter(address=folded_address).values_list(*_COLUMNS, "password").first()
    return LoginRow(AccountInfo(*row[:-1]), row[-1]) if row else None


def list_accounts(
    query: str = "", offset: int = 0, limit: int = 50, *, domain: str = "", ids: list[int] | None = None
) -> list[AccountInfo]:
    """A page of accounts by address; `query` matches address, display name or alias."""
    found = _search(query, domain, ids).order_by("address").values_list(*_COLUMNS)[offset : offset + limit]
    return [AccountInfo(*row) for row in found]


def count_accounts(query: str = "", *, domain: str = "") -> int:
    """How many accounts list_accounts pages through."""
    return _search(query, domain, None).count()


def list_administrators() -> list[AccountInfo]:
    """Enabled administrators, oldest first."""
    rows = Account.objects.filter(is_admin=True, is_enabled=True).order_by("pk").values_list(*_COLUMNS)
    return [AccountInfo(*row) for row in rows]


def create_account(
    address: str,
    *,
    display_name: str = "",
    is_admin: bool = False,
    quota_bytes: int = 0,
    quota_messages: int = 0,
    language: str = "",
) -> AccountInfo:
    """A new account without a password (none opens it) and without mailboxes. BadName, NameTaken, NotFound."""
    values = {
        "display_name": display_name,
        "is_admin": is_admin,
        "quota_bytes": quota_bytes,
        "quota_messages": quota_messages,
        "language": language,
    }
    _check(values)
    with transaction.atomic():
        folded, domain = claim(address)
        account = Account(address=folded, domain=domain, created_at=int(time.time()), **values)
        account.set_unusable_password()
        account.save(force_insert=True)
        changes.bump_after_commit()
    return get_account(account.pk)


def update_account(account_id: int, **values: object) -> AccountInfo:
    """Change display_name, is_enabled, is_admin, quota_bytes, quota_messages or language.

    Changing rights or state ends the account's sessions. StillInUse: the last administrator would
    lose access. NotFound, BadName.
    """
    _check(values)
    with transaction.atomic():
        before = _locked(account_id)
        if before.is_admin and before.is_enabled and not all(values.get(name, True) for name in _RIGHTS):
            _keep_an_administrator(account_id)
        moved = any(name in values and values[name] != getattr(before, name) for name in _RIGHTS)
        version = {"credentials_version": F("credentials_version") + 1} if moved else {}
        Account.objects.filter(pk=account_id).update(**values, **version)
        changes.bump_after_commit()
    return get_account(account_id)


def delete_account(account_id: int) -> None:
    """Remove the account, its aliases and memberships. StillInUse: the last administrator. NotFound."""
    with transaction.atomic():
        account = _locked(account_id)
        if account.is_admin and account.is_enabled:
            _keep_an_administrator(account_id)
        account.delete()
        changes.bump_after_commit()


def store_password_hash(account_id: int, encoded: str) -> None:
    """Keep the hash of a new password; the account's sessions end. NotFound."""
    found = Account.objects.filter(pk=account_id).update(
        password=encoded, credentials_version=F("credentials_version") + 1
    )
    if not found:
        raise NotFound(_("This account does not exist any more."))
    changes.bump_after_commit()


def renew_password_hash(account_id: int, old: str, new: str) -> bool:
    """Keep another hash of the same password, and lock the account until the transaction ends. False: somebody
    changed the password meanwhile."""
    found = Account.objects.filter(pk=account_id, password=old).update(password=new)
    changes.bump_after_commit()
    return bool(found)


def _search(query: str, domain: str, ids: list[int] | None) -> QuerySet[Account]:
    accounts = Account.objects.people()
    if ids is not None:
        accounts = accounts.filter(pk__in=ids)
    if domain:
        accounts = accounts.filter(domain__name=domain)
    for word in query.split():
        matches = Q(address__icontains=word) | Q(display_name__icontains=word) | Q(aliases__address__icontains=word)
        accounts = accounts.filter(matches)
    return accounts.distinct() if query.strip() else accounts


def _locked(account_id: int) -> Account:
    account = Account.objects.select_for_update().filter(pk=account_id).first()
    if account is None:
        raise NotFound(_("This account does not exist any more."))
    return account


def _keep_an_administrator(leaving: int) -> None:
    # The rows are locked, so that two administrators cannot remove each other at once.
    others = Account.objects.select_for_update().filter(is_admin=True, is_enabled=True).exclude(pk=leaving)
    if not list(others.values_list("pk", flat=True)):
        raise StillInUse(_("This is the last administrator: make somebody else one first."))


def _check(values: dict[str, object]) -> None:
    """TypeError for a field that update_account does not know (a programming error); BadName for a bad value."""
    unknown = set(values) - set(_CHANGEABLE)
    if unknown:
        raise TypeError(f"not changeable: {', '.join(sorted(unknown))}")
    name = str(values.get("display_name", ""))
    if len(name) > MAX_DISPLAY_NAME or any(ord(char) < 32 or ord(char) == 127 for char in name):
        raise BadName(_("The name is too long or has control characters."))
    at_least_zero: Callable[[object], bool] = lambda value: isinstance(value, int) and value >= 0  # noqa: E731
    if not all(at_least_zero(values.get(quota, 0)) for quota in ("quota_bytes", "quota_messages")):
        raise BadName(_("A quota is a whole number, 0 for no limit."))


def localpart_to_address(login: str, primary: str) -> str:
    """The folded address of what was typed as a user name: a bare local part belongs to the primary domain.

    ValueError when it is no address.
    """
    return fold_address(login if "@" in login or not primary else f"{login}@{fold_domain(primary)}")
