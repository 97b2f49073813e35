"""Reading mailbox rows: one, all, or that of a special use."""

from dataclasses import dataclass
from typing import Any

from mailstore import sql
from mailstore.errors import BadMailboxName, NoSuchMailbox
from mailstore.names import DELIMITER, INBOX, canonical, parents

_COLUMNS = (
    "m.id, m.account_id, m.name, m.special_use, m.selectable, m.subscribed, {children}, m.uid_validity, m.uid_next,"
    " m.highest_modseq, m.recent_uid, m.total_messages, m.total_unseen, m.total_deleted, m.total_size, m.keywords"
)
_LIST = f"SELECT {_COLUMNS.format(children='0')} FROM mailstore_mailbox m WHERE m.account_id = %s"
_CHILDREN = (
    "EXISTS (SELECT 1 FROM mailstore_mailbox c WHERE c.account_id = m.account_id"
    " AND substr(c.name, 1, length(m.name) + 1) = m.name || '/')"
)
_GET = f"SELECT {_COLUMNS.format(children=_CHILDREN)} FROM mailstore_mailbox m WHERE m.account_id = %s AND "


@dataclass(frozen=True, slots=True)
class MailboxInfo:
    """A mailbox as it was at one moment. size is in octets; keywords are all that were ever used in it."""

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


def info_of(row: tuple[Any, ...], has_children: bool) -> MailboxInfo:
    """A row of _COLUMNS."""
    values: list[Any] = [*row[:4], bool(row[4]), bool(row[5]), has_children, *row[7:15], tuple(row[15].split())]
    return MailboxInfo(*values)


def list_mailboxes(account_id: int) -> list[MailboxInfo]:
    """All names, INBOX first, children behind their parent, without regard to case."""
    rows = sql.fetch_all(_LIST, (account_id,))
    with_children = {parent for row in rows for parent in parents(row[2])}
    rows.sort(key=lambda row: (row[2].split(DELIMITER)[0] != INBOX, row[2].casefold().split(DELIMITER), row[2]))
    return [info_of(row, row[2] in with_children) for row in rows]


def get_mailbox(account_id: int, name: str) -> MailboxInfo:
    r"""By name, "inbox" in any case. A \Noselect name too. Raises NoSuchMailbox."""
    try:
        name = canonical(name)
    except BadMailboxName as error:
        raise NoSuchMailbox(str(error)) from error
    return _get("m.name = %s", account_id, name)


def get_mailbox_by_id(account_id: int, mailbox_id: int) -> MailboxInfo:
    """By id; another account's mailbox is NoSuchMailbox like one that is not there."""
    return _get("m.id = %s", account_id, mailbox_id)


def _get(condition: str, account_id: int, key: str | int) -> MailboxInfo:
    row = sql.fetch_one(_GET + condition, (account_id, key))
    if row is None:
        raise NoSuchMailbox(f"no mailbox {key!r} in account {account_id}")
    return info_of(row, bool(row[6]))


def find_special(account_id: int, special_use: str) -> MailboxInfo | None:
    r"""The account's mailbox for "\Sent" and so on (RFC 6154); the oldest, should there be several."""
    rows = sql.fetch_all(_GET + "m.special_use = %s ORDER BY m.id LIMIT 1", (account_id, special_use))
    return info_of(rows[0], bool(rows[0][6])) if rows else None
