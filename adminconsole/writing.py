"""Writes that take several verbs, each whole or not at all."""

from django.db import transaction

from adminconsole.forms.accounts import AccountForm, NewAccountForm
from directory import accounts, aliases
from directory.accounts import AccountInfo
from directory.addresses import fold_address
from directory.errors import DirectoryError
from mailstore import accounts as mail_accounts
from security import passwords


class AliasesRefused(DirectoryError):
    """One of the other addresses cannot be had; the message names it."""


def create_account(form: NewAccountForm) -> AccountInfo:
    """The account of a valid form, with its mailboxes, password and other addresses."""
    values = form.cleaned_data
    with transaction.atomic():
        account = mail_accounts.create_account(
            form.address,
            values["password"],
            display_name=values["display_name"],
            is_admin=values["is_admin"],
            quota_bytes=values["quota"],
            quota_messages=values["quota_messages"],
            language=values["language"],
        )
        _replace_aliases(account, values["aliases"])
    return account


def update_account(account: AccountInfo, form: AccountForm) -> list[str]:
    """Apply a valid form to the account; the names of what changed come back, for the audit log."""
    values = form.cleaned_data
    wanted = {
        "display_name": values["display_name"],
        "language": values["language"],
        "quota_bytes": values["quota"],
        "quota_messages": values["quota_messages"],
        "is_admin": values["is_admin"],
    }
    changes = {name: value for name, value in wanted.items() if value != getattr(account, name)}
    # Hashing takes 60 ms: before the transaction, so that no lock is held meanwhile.
    prepared = passwords.prepare(values["password"]) if values["password"] else None
    with transaction.atomic():
        if changes:
            accounts.update_account(account.id, **changes)
        if prepared is not None:
            passwords.store(account.id, prepared)
        moved = _replace_aliases(account, values["aliases"])
    return [*changes, *(["password"] if prepared else []), *(["aliases"] if moved else [])]


def aliases_of(account: AccountInfo) -> list[str]:
    """The other addresses of an account."""
    return [alias.address for alias in _aliases(account)]


def _aliases(account: AccountInfo) -> list[aliases.AliasInfo]:
    count = aliases.count_aliases(account_ids=[account.id])
    return aliases.list_aliases(account_ids=[account.id], limit=count) if count else []


def _replace_aliases(account: AccountInfo, wanted: list[str]) -> bool:
    folded = {_folded(address): address for address in wanted}
    present = {alias.address: alias for alias in _aliases(account)}
    for address in present.keys() - folded.keys():
        aliases.delete_alias(present[address].id)
    for address in folded.keys() - present.keys():
        try:
            aliases.create_alias(folded[address], account.address)
        except DirectoryError as error:
            raise AliasesRefused(f"{folded[address]}: {error.message}") from error
    return folded.keys() != present.keys()


def _folded(address: str) -> str:
    try:
        return fold_address(address)
    except ValueError:
        return address  # create_alias says what is wrong with it
