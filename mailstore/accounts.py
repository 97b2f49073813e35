"""Accounts with their mail: the account, its password and its mailboxes come and go in one transaction."""

from directory import accounts
from directory.accounts import AccountInfo
from mailstore import emptying, writer
from mailstore.handover import hand_over
from mailstore.hierarchy import create_special_mailboxes, lock_names
from mailstore.models import Mailbox, Subscription, Usage
from mailstore.transactions import changed
from security import passwords


def create_account(
    address: str,
    password: str,
    *,
    display_name: str = "",
    is_admin: bool = False,
    quota_bytes: int = 0,
    quota_messages: int = 0,
    language: str = "",
) -> AccountInfo:
    """A new account with its password and INBOX, Drafts, Sent, Junk, Trash and Archive.

    Raises directory.errors (BadName, NameTaken, NotFound), security.errors.PasswordRefused, StoreUnavailable.
    """
    prepared = passwords.prepare(password)

    def job() -> AccountInfo:
        account = accounts.create_account(
            address,
            display_name=display_name,
            is_admin=is_admin,
            quota_bytes=quota_bytes,
            quota_messages=quota_messages,
            language=language,
        )
        passwords.store(account.id, prepared)
        create_special_mailboxes(account.id)
        return accounts.get_account(account.id)

    return writer.write(job)


def delete_account(account_id: int, mail_to: int | None = None) -> None:
    """Remove an account. Its mail is deleted, or becomes a folder of the account mail_to (its quota does not bind).

    Raises directory.errors.NotFound, directory.errors.StillInUse (the last administrator), StoreUnavailable.
    """
    if mail_to == account_id:
        raise ValueError("an account cannot inherit from itself")

    def job() -> None:
        address = accounts.get_account(account_id).address
        heir = None if mail_to is None else accounts.get_account(mail_to).id
        for locked in sorted({account_id, heir or account_id}):
            lock_names(locked)
        if heir is None:
            for mailbox_id in Mailbox.objects.filter(account_id=account_id).order_by("id").values_list("id", flat=True):
                emptying.delete_all(account_id, mailbox_id)
        else:
            hand_over(account_id, address, heir)
        Mailbox.objects.filter(account_id=account_id).delete()
        Subscription.objects.filter(account_id=account_id).delete()
        Usage.objects.filter(account_id=account_id).delete()
        accounts.delete_account(account_id)
        changed(account_id)

    writer.write(job)
