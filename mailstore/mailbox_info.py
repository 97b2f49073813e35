"""Reading mailboxes: list, by name, by id, by special use. Those of others are found where an access control list opens
them (mailstore.sharing); an account's own are found first, in one statement."""

from dataclasses import replace

from mailstore import rights, sharing, sql
from mailstore.errors import BadMailboxName, NoSuchMailbox
from mailstore.mailbox_row import COLUMNS, COUNT, MailboxInfo, info_of
from mailstore.names import DELIMITER, INBOX, canonical, is_reserved, parents

__all__ = ["MailboxInfo", "find_special", "get_mailbox", "get_mailbox_by_id", "info_of", "list_mailboxes"]

_OWN = f"SELECT {COLUMNS.format(children='0')}{sharing.PERSONAL} FROM mailstore_mailbox m WHERE m.account_id = %s"
_LIST = f"{_OWN} UNION ALL {sharing.SHARED}"
_CHILDREN = (
    "EXISTS (SELECT 1 FROM mailstore_mailbox c WHERE c.account_id = m.account_id"
    " AND substr(c.name, 1, length(m.name) + 1) = m.name || '/')"
)
_GET = f"SELECT {COLUMNS.format(children=_CHILDREN)} FROM mailstore_mailbox m WHERE m.account_id = %s AND "


def list_mailboxes(account_id: int) -> list[MailboxInfo]:
    """All names, INBOX first, children behind their parent, without regard to case; then those of others that the
    account may look up, by their owner."""
    rows = sql.fetch_all(_LIST, (account_id, *sharing.parameters(account_id)))
    own = [row for row in rows if row[1] == account_id]
    with_children = {parent for row in own for parent in parents(row[2])}
    own.sort(key=lambda row: (row[2].split(DELIMITER)[0] != INBOX, row[2].casefold().split(DELIMITER), row[2]))
    found = [info_of(row[:COUNT], row[2] in with_children) for row in own]
    return found if len(own) == len(rows) else found + _others(account_id, rows, {info.name for info in found})


def _others(account_id: int, rows: list[tuple[object, ...]], taken: set[str]) -> list[MailboxInfo]:
    opened = sharing.read(account_id, [row for row in rows if row[1] != account_id])
    shown = [info for info in opened if info.rights & rights.LOOKUP and info.name not in taken]
    with_children = {parent for info in shown for parent in parents(info.name)}
    shown.sort(key=lambda info: (info.name.casefold().split(DELIMITER), info.name))
    return [replace(info, has_children=info.name in with_children) for info in shown]


def get_mailbox(account_id: int, name: str) -> MailboxInfo:
    r"""By name, "inbox" in any case. A \Noselect name too. Raises NoSuchMailbox."""
    try:
        known = canonical(name)
    except BadMailboxName as error:
        known, problem = "", error
    found = _find("m.name = %s", account_id, known) if known else None
    if found is None and is_reserved(name):
        found = sharing.find_by_name(account_id, name)
    if found is None:
        raise NoSuchMailbox(f"no mailbox {name!r} in account {account_id}") from (None if known else problem)
    return found


def get_mailbox_by_id(account_id: int, mailbox_id: int) -> MailboxInfo:
    """By id; a mailbox of another to which the account has no right is NoSuchMailbox like one that is not there."""
    found = _find("m.id = %s", account_id, mailbox_id) or sharing.find_by_id(account_id, mailbox_id)
    if found is None:
        raise NoSuchMailbox(f"no mailbox {mailbox_id} in account {account_id}")
    return found


def _find(condition: str, account_id: int, key: str | int) -> MailboxInfo | None:
    row = sql.fetch_one(_GET + condition, (account_id, key))
    return info_of(row, bool(row[6])) if row else None


def find_special(account_id: int, special_use: str) -> MailboxInfo | None:
    r"""The account's mailbox for "\Sent" and so on (RFC 6154); the oldest, should there be several."""
    rows = sql.fetch_all(_GET + "m.special_use = %s ORDER BY m.id LIMIT 1", (account_id, special_use))
    return info_of(rows[0], bool(rows[0][6])) if rows else None
