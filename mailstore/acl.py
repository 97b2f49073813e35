"""Access control lists (RFC 4314 section 3): who else may do what in a mailbox."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from directory import accounts, groups
from directory.domains import primary_domain
from mailstore import rights, sql, writer
from mailstore.errors import LimitReached, NoPermission, NoSuchIdentifier
from mailstore.hierarchy import names_changed
from mailstore.mailbox_info import get_mailbox_by_id
from mailstore.mailbox_row import MailboxInfo
from mailstore.models import AccessRights

ANYONE = "anyone"
GROUP = "group:"
MAX_IDENTIFIERS = 200  # of one mailbox; GETACL answers with all of them in one line

SetMode = Literal["replace", "add", "remove"]


@dataclass(frozen=True, slots=True)
class Identifier:
    """Whom an entry means: an account, a group, or anyone. text is the canonical form, without the dash."""

    text: str
    account_id: int | None = None
    group_id: int | None = None
    negative: bool = False

    @property
    def written(self) -> str:
        """As ACL responses have it: "-fred" where it is negative."""
        return f"-{self.text}" if self.negative else self.text


@dataclass(frozen=True, slots=True)
class AclEntry:
    """<identifier, rights>; the owner's is there for people to read, and fixed."""

    identifier: Identifier
    rights: int
    is_owner: bool = False


def find_identifier(text: str) -> Identifier:
    """Whom a text means: "anyone", "group:NAME", else what one logs in as; "-" before it takes rights away.

    NAME is a group's address, or its local part in the primary domain. Raises NoSuchIdentifier.
    """
    negative = text.startswith("-")
    name = text.removeprefix("-")
    if name == ANYONE:
        return Identifier(ANYONE, negative=negative)
    is_group = name.startswith(GROUP)
    try:
        address = accounts.localpart_to_address(name.removeprefix(GROUP), primary_domain())
    except ValueError as error:
        raise NoSuchIdentifier(f"{text!r} names nobody") from error
    if is_group:
        group = groups.find_group(address)
        if group is not None:
            return Identifier(GROUP + group.address, group_id=group.id, negative=negative)
    else:
        account = accounts.find_account(address)
        if account is not None:
            return Identifier(account.address, account_id=account.id, negative=negative)
    raise NoSuchIdentifier(f"{text!r} names nobody")


def list_acl(account_id: int, mailbox_id: int) -> list[AclEntry]:
    """The owner, then whom the mailbox is shared with, by name. Needs "a". Raises NoSuchMailbox, NoPermission."""
    mailbox = _administered(account_id, mailbox_id)
    rows = AccessRights.objects.filter(mailbox_id=mailbox.id).values_list(
        "account_id", "account__address", "group_id", "group__address", "negative", "rights"
    )
    entries = []
    for one_id, address, group_id, group_address, negative, mask in rows:
        text = address or (GROUP + group_address if group_id else ANYONE)
        entries.append(AclEntry(Identifier(text, one_id, group_id, negative), mask))
    entries.sort(key=lambda each: (each.identifier.text, each.identifier.negative))
    owner = accounts.find_account_by_id(mailbox.account_id)  # None for a public folder: it is the domain's
    return [AclEntry(Identifier(owner.address, owner.id), rights.ALL, True), *entries] if owner else entries


def set_rights(account_id: int, mailbox_id: int, identifier: Identifier, mode: SetMode, mask: int) -> MailboxInfo:
    """SETACL: replace, add to or take from what the identifier has; an entry without rights goes. Needs "a".

    Raises NoSuchMailbox, NoPermission (also for the owner, whose rights are fixed), LimitReached.
    """

    def job() -> None:
        mailbox = _administered(account_id, mailbox_id)
        if identifier.account_id == mailbox.account_id:
            _refuse_to_change_the_owner(identifier, mode, mask)
            return
        _tell(mailbox, identifier)
        held = AccessRights.objects.filter(mailbox_id=mailbox.id)
        entry = held.filter(**_key(identifier)).first()
        old = entry.rights if entry else 0
        new = {"replace": mask, "add": old | mask, "remove": old & ~mask}[mode]
        if entry is None and new:
            if held.count() >= MAX_IDENTIFIERS:
                raise LimitReached(f"{MAX_IDENTIFIERS} identifiers share mailbox {mailbox.id}")
            AccessRights.objects.create(mailbox_id=mailbox.id, rights=new, **_key(identifier))
        elif not new:
            held.filter(**_key(identifier)).delete()
        else:
            held.filter(**_key(identifier)).update(rights=new)

    writer.write(job)
    return get_mailbox_by_id(account_id, mailbox_id)


def delete_rights(account_id: int, mailbox_id: int, identifier: Identifier) -> None:
    """DELETEACL. Needs "a". Raises NoSuchMailbox, NoPermission, NoSuchIdentifier where the list does not have it."""

    def job() -> None:
        mailbox = _administered(account_id, mailbox_id)
        if identifier.account_id == mailbox.account_id:
            _refuse_to_change_the_owner(identifier, "replace", 0)
            return
        _tell(mailbox, identifier)
        deleted, _ = AccessRights.objects.filter(mailbox_id=mailbox.id, **_key(identifier)).delete()
        if not deleted:
            raise NoSuchIdentifier(f"{identifier.written!r} is not on the list")

    writer.write(job)


def grantable(account_id: int, mailbox_id: int, identifier: Identifier) -> tuple[int, int]:
    """LISTRIGHTS: the rights that the identifier always has in the mailbox, and those it may be given. Needs "a"."""
    mailbox = _administered(account_id, mailbox_id)
    is_owner = identifier.account_id == mailbox.account_id and not identifier.negative
    return (rights.ALL, 0) if is_owner else (0, rights.ALL)


def _administered(account_id: int, mailbox_id: int) -> MailboxInfo:
    mailbox = get_mailbox_by_id(account_id, mailbox_id)
    rights.require(mailbox.rights, rights.ADMINISTER)
    return mailbox


def _refuse_to_change_the_owner(identifier: Identifier, mode: SetMode, mask: int) -> None:
    """What would leave the owner all rights is no change."""
    keeps = mode == "add" or (mode == "remove" and not mask) or (mode == "replace" and mask == rights.ALL)
    if identifier.negative or not keeps:
        raise NoPermission("the owner keeps every right")


def _key(identifier: Identifier) -> dict[str, int | bool | None]:
    return {
        "account_id": identifier.account_id, "group_id": identifier.group_id, "negative": identifier.negative,
    }  # fmt: skip


def _tell(mailbox: MailboxInfo, identifier: Identifier) -> None:
    """The lists of mailboxes of those concerned change. Locks their rows, in the order of the ids; of "anyone" nobody
    is told: each sees it with its next list."""
    for account_id in sorted({mailbox.account_id, *_meant(identifier)}):
        names_changed(account_id)


def _meant(identifier: Identifier) -> Iterable[int]:
    if identifier.account_id is not None:
        return [identifier.account_id]
    if identifier.group_id is None:
        return []
    statement = "SELECT account_id FROM directory_group_members WHERE group_id = %s"
    return [row[0] for row in sql.fetch_all(statement, (identifier.group_id,))]
