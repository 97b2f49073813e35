"""View models of the public folders."""

from dataclasses import dataclass

from directory.domains import list_domains
from mailstore import public_folders
from mailstore.mailboxes import MailboxInfo


@dataclass(frozen=True, slots=True)
class FolderRow:
    """A line of the list."""

    domain: str
    domain_name: str
    folder: MailboxInfo


def folder_rows() -> list[FolderRow]:
    """The public folders of all domains, in two queries."""
    names = {domain.name: domain.display_name for domain in list_domains()}
    found = public_folders.list_all_folders()
    return [FolderRow(domain, names.get(domain, domain), folder) for domain, folder in found]
