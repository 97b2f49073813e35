"""Public folders: mailboxes that belong to a domain (docs/adr/0008-sharing.md). An administrator makes them and gives
rights to them; the account of the domain owns them, and what is stored in them."""

from directory.domain_accounts import delete_domain_account, find_domain_account, get_or_create_domain_account
from mailstore import hierarchy, sql, writer
from mailstore.errors import BadMailboxName, NoSuchMailbox
from mailstore.hierarchy import lock_names
from mailstore.mailbox_info import get_mailbox_by_id, list_mailboxes
from mailstore.mailbox_row import COLUMNS, COUNT, MailboxInfo, info_of
from mailstore.models import Mailbox, Subscription, Usage
from mailstore.names import INBOX, canonical

_ALL = (
    f"SELECT {COLUMNS.format(children='0')}, o.address FROM mailstore_mailbox m"
    " JOIN directory_account o ON o.id = m.account_id WHERE substr(o.address, 1, 1) = '@'"
)


def list_folders(domain: str) -> list[MailboxInfo]:
    """The domain's folders by name, without "Public/" before it. directory.errors.NotFound."""
    owner = find_domain_account(domain)
    return list_mailboxes(owner) if owner else []


def list_all_folders() -> list[tuple[str, MailboxInfo]]:
    """Those of all domains, each with its domain's name, by domain and name; one query."""
    rows = sql.fetch_all(_ALL)
    found = [(row[COUNT].removeprefix("@"), info_of(row[:COUNT], False)) for row in rows]
    return sorted(found, key=lambda pair: (pair[0], pair[1].name.casefold(), pair[1].name))


def get_folder(domain: str, mailbox_id: int) -> MailboxInfo:
    """One of them; its account_id is the account to act as. Raises NoSuchMailbox, directory.errors.NotFound."""
    owner = find_domain_account(domain)
    if owner is None:
        raise NoSuchMailbox(f"{domain} has no public folders")
    folder = get_mailbox_by_id(owner, mailbox_id)
    if folder.reader:
        raise NoSuchMailbox(f"{mailbox_id} is no folder of {domain}")
    return folder


def create_folder(domain: str, name: str) -> MailboxInfo:
    """A new folder, which nobody may see before it has rights; below another one it has that one's.

    Raises BadMailboxName, MailboxExists, LimitReached, directory.errors.NotFound.
    """
    if canonical(name) == INBOX:
        raise BadMailboxName("INBOX is a person's")

    def job() -> MailboxInfo:
        return hierarchy.create_mailbox(get_or_create_domain_account(domain), name)

    return writer.write(job)


def rename_folder(folder: MailboxInfo, name: str) -> MailboxInfo:
    """Raises BadMailboxName, MailboxExists, LimitReached, NoSuchMailbox."""
    if canonical(name) == INBOX:
        raise BadMailboxName("INBOX is a person's")
    return hierarchy.rename_mailbox(folder.account_id, folder.name, name)


def delete_folder(folder: MailboxInfo) -> None:
    """With its mail; the domain's account goes with its last folder. Raises NoSuchMailbox, HasChildren."""

    def job() -> None:
        hierarchy.delete_mailbox(folder.account_id, folder.name)
        if not lock_names(folder.account_id):
            for model in (Mailbox, Subscription, Usage):
                model.objects.filter(account_id=folder.account_id).delete()
            delete_domain_account(folder.account_id)

    writer.write(job)
