"""Mailboxes of others that access control lists open to an account, under the names by which it knows them.

"Other Users/<address>/<name>" and, for those of its domain, "Public/<name>" (RFC 2342 section 5). Public folders
belong to the account of the domain itself, which has no local part (directory.domain_accounts), and are for the
accounts of that domain only.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import Any

from mailstore import rights, sql
from mailstore.errors import BadMailboxName, NoPermission
from mailstore.mailbox_row import COLUMNS, COUNT, MailboxInfo, info_of
from mailstore.names import DELIMITER, OTHER_USERS, PUBLIC, canonical, parents

# Above every UID: nothing is \Recent to a reader, and nothing that a reader does takes \Recent from the owner.
NEVER_RECENT = (1 << 63) - 1

# One row for each identifier that means the account; the last four columns are those of PERSONAL for its own mailboxes.
_FROM = (
    ", o.address, coalesce(t.total_seen, 0), r.rights, r.negative FROM mailstore_accessrights r"
    " JOIN mailstore_mailbox m ON m.id = r.mailbox_id JOIN directory_account o ON o.id = m.account_id"
    " LEFT JOIN mailstore_reader t ON t.mailbox_id = m.id AND t.account_id = %s"
    " WHERE m.account_id <> %s AND (r.account_id = %s OR (r.account_id IS NULL AND r.group_id IS NULL)"
    " OR r.group_id IN (SELECT g.group_id FROM directory_group_members g WHERE g.account_id = %s))"
    " AND (substr(o.address, 1, 1) <> '@' OR o.domain_id ="
    " (SELECT a.domain_id FROM directory_account a WHERE a.id = %s))"
)
PERSONAL = f", '', 0, {rights.ALL}, FALSE"
SHARED = f"SELECT {COLUMNS.format(children='0')}{_FROM}"
_OWNER = "SELECT id FROM directory_account WHERE address = %s"
_DOMAIN = (
    "SELECT o.id FROM directory_account o JOIN directory_account a ON a.domain_id = o.domain_id"
    " WHERE a.id = %s AND substr(o.address, 1, 1) = '@'"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A name of the hierarchy as its owner has it. owner is "" for the domain, prefix what stands before the name."""

    owner: str
    name: str
    prefix: str


def shared_name(owner_address: str, name: str) -> str:
    """What others call a mailbox."""
    if owner_address.startswith("@"):
        return f"{PUBLIC}{DELIMITER}{name}"
    return f"{OTHER_USERS}{DELIMITER}{owner_address}{DELIMITER}{name}"


def place_of(name: str) -> Place | None:
    """What a name of these namespaces means; None for one that is no mailbox's. An address may hold a "/" itself."""
    root, _, rest = name.partition(DELIMITER)
    owner = ""
    if root == OTHER_USERS:
        localpart, at, behind = rest.partition("@")
        domain, _, rest = behind.partition(DELIMITER)
        owner = localpart + at + domain
        if not localpart or not domain:
            return None
    try:
        own = canonical(rest)
    except BadMailboxName:
        return None
    return Place(owner, own, shared_name(owner or "@", ""))


def parameters(account_id: int) -> tuple[int, ...]:
    """Those of SHARED."""
    return (account_id,) * 5


def read(account_id: int, rows: Iterable[tuple[Any, ...]]) -> list[MailboxInfo]:
    """Rows of SHARED as mailboxes, those that give no right left out."""
    found = []
    for _, each in groupby(sorted(rows, key=itemgetter(0)), key=itemgetter(0)):
        granted = list(each)
        mine = rights.united((row[-2], bool(row[-1])) for row in granted)
        if mine:
            found.append(_info(account_id, granted[0], mine))
    return found


def _info(account_id: int, row: tuple[Any, ...], mine: int) -> MailboxInfo:
    info = info_of(row[:COUNT], False)
    address, seen = row[COUNT : COUNT + 2]
    return replace(
        info, name=shared_name(address, info.name), special_use="", subscribed=False, recent_uid=NEVER_RECENT,
        unseen=info.messages - seen, rights=mine, reader=account_id,
    )  # fmt: skip


def find_by_id(account_id: int, mailbox_id: int) -> MailboxInfo | None:
    """A mailbox of another that the account has any right to."""
    found = read(account_id, sql.fetch_all(f"{SHARED} AND m.id = %s", (*parameters(account_id), mailbox_id)))
    return found[0] if found else None


def find_by_name(account_id: int, name: str) -> MailboxInfo | None:
    """The same by the name that the account knows."""
    place = place_of(name)
    if place is None:
        return None
    whose = "o.address = %s" if place.owner else "substr(o.address, 1, 1) = '@'"
    values = (place.owner, place.name) if place.owner else (place.name,)
    statement = f"{SHARED} AND {whose} AND m.name = %s"
    found = read(account_id, sql.fetch_all(statement, (*parameters(account_id), *values)))
    return found[0] if found else None


def own_name(info: MailboxInfo) -> str:
    """The name that the owner has given it."""
    place = place_of(info.name) if info.reader else None
    return place.name if place else info.name


def owner_of(account_id: int, place: Place) -> int:
    """The account in whose hierarchy the place is. Raises NoPermission: nobody is told who is there."""
    row = sql.fetch_one(_OWNER, (place.owner,)) if place.owner else sql.fetch_one(_DOMAIN, (account_id,))
    if row is None:
        raise NoPermission(f"nothing can be made below {place.prefix!r}")
    return row[0]


def require_create(account_id: int, place: Place, names: Iterable[str]) -> None:
    """The "k" right on the nearest parent that exists (RFC 4314 section 4). Raises NoPermission."""
    for parent in reversed([name for name in parents(place.name) if name in names]):
        found = find_by_name(account_id, place.prefix + parent)
        if found is not None and found.rights & rights.CREATE:
            return
        break
    raise NoPermission(f"nothing may be made at {place.prefix + place.name!r}")
