"""A mailbox as it is read: the columns and what they become."""

from dataclasses import dataclass
from typing import Any

from mailstore import rights

COLUMNS = (
    "m.id, m.account_id, m.name, m.special_use, m.selectable, m.subscribed, {children}, m.uid_validity, m.uid_next,"
    " m.highest_modseq, m.recent_uid, m.total_messages, m.total_unseen, m.total_deleted, m.total_size, m.keywords"
)
COUNT = 16


@dataclass(frozen=True, slots=True)
class MailboxInfo:
    r"""A mailbox as it was at one moment. size is in octets; keywords are all that were ever used in it.

    name is as the acting account knows it, account_id the owner's. reader is the acting account in a mailbox of
    another: its \Seen is its own (mailstore.seen), unseen counts for it, and nothing is \Recent to it.
    """

    id: int
    account_id: int
    name: str
    special_use: str
    selectable: bool
    subscribed: bool
    has_children: bool
    uid_validity: int
    uid_next: int
    highest_modseq: int
    recent_uid: int
    messages: int
    unseen: int
    deleted: int
    size: int
    keywords: tuple[str, ...] = ()
    rights: int = rights.ALL  # mailstore.rights bits of the acting account
    reader: int = 0

    @property
    def acting_id(self) -> int:
        """The account that acts: the verbs of the store want it."""
        return self.reader or self.account_id


def info_of(row: tuple[Any, ...], has_children: bool) -> MailboxInfo:
    """A row of COLUMNS."""
    values: list[Any] = [*row[:4], bool(row[4]), bool(row[5]), has_children, *row[7:15], tuple(row[15].split())]
    return MailboxInfo(*values)
