"""CREATE, RENAME and DELETE (RFC 3501 section 6.3)."""

import time
from functools import partial

from django.db.models import F

from mailstore import emptying, expunging, rights, sharing, sql, writer
from mailstore.errors import (
    BadMailboxName,
    CannotChangeInbox,
    HasChildren,
    LimitReached,
    MailboxExists,
    NoPermission,
    NoSuchMailbox,
)
from mailstore.mailbox_info import MailboxInfo, get_mailbox
from mailstore.models import Mailbox, Metadata, Subscription, Usage
from mailstore.names import DELIMITER, INBOX, canonical, is_reserved, parents
from mailstore.transactions import changed

MAX_MAILBOXES = 2000  # of one account: a LIST of them is about 100 KiB
SPECIAL_USES = ("\\Drafts", "\\Sent", "\\Junk", "\\Trash", "\\Archive")  # RFC 6154 section 2, those we serve
# What a new account has, by name.
SPECIAL_MAILBOXES = {INBOX: "", **{use.lstrip("\\"): use for use in SPECIAL_USES}}

_INHERIT = (
    "INSERT INTO mailstore_accessrights (mailbox_id, account_id, group_id, negative, rights)"
    " SELECT m.id, r.account_id, r.group_id, r.negative, r.rights FROM mailstore_mailbox m, mailstore_accessrights r"
    " JOIN mailstore_mailbox p ON p.id = r.mailbox_id"
    " WHERE m.account_id = %s AND m.name = %s AND p.account_id = %s AND p.name = %s"
)


def create_mailbox(account_id: int, name: str, special_use: str = "") -> MailboxInfo:
    """CREATE, and the parents that are missing. A trailing "/" is tolerated (RFC 3501 section 6.3.3). In a hierarchy of
    another the nearest parent that exists must give the "k" right (RFC 4314 section 4). What is made has the access
    control list of its parent.

    Raises BadMailboxName, MailboxExists, LimitReached, NoPermission.
    """
    name = name.removesuffix(DELIMITER)
    owner_id, own, place = _where(account_id, name)
    if special_use and special_use not in SPECIAL_USES:
        raise BadMailboxName(f"unknown special use {special_use!r}")
    if special_use and place:
        raise NoPermission("a special use is the owner's to give")

    def job() -> None:
        names = lock_names(owner_id)
        if place:
            sharing.require_create(account_id, place, names)
        if names.get(own):
            raise MailboxExists(f"{name!r} exists")
        _create_with_parents(owner_id, names, own, special_use)

    writer.write(job)
    return get_mailbox(account_id, name)


def _where(account_id: int, name: str) -> tuple[int, str, sharing.Place | None]:
    """Whose hierarchy a new name is in and what it is called there; the place where it is another's."""
    if not is_reserved(name):
        return account_id, canonical(name), None
    place = sharing.place_of(name)
    if place is None:
        raise BadMailboxName(f"{name!r} is not an account's to use")
    return sharing.owner_of(account_id, place), place.name, place


def create_special_mailboxes(account_id: int) -> None:
    """INBOX and the special-use mailboxes of a new account; those that exist are left alone."""

    def job() -> None:
        names = lock_names(account_id)
        for name, special_use in SPECIAL_MAILBOXES.items():
            if name not in names:
                insert_mailbox(account_id, names, name, special_use)

    writer.write(job)


def rename_mailbox(account_id: int, old: str, new: str) -> MailboxInfo:
    """RENAME with all children; INBOX moves its mail into a new mailbox and stays (RFC 3501 section 6.3.5).

    In a hierarchy of another it needs "x" on the mailbox and "k" on its new parent (RFC 4314 section 4); no mailbox
    changes its owner.

    Raises NoSuchMailbox, BadMailboxName, MailboxExists, LimitReached, NoPermission.
    """
    source = get_mailbox(account_id, old)
    rights.require(source.rights, rights.DELETE_MAILBOX)
    old_name = sharing.own_name(source)
    owner_id, new_name, place = _where(account_id, new.removesuffix(DELIMITER))
    if owner_id != source.account_id:
        raise BadMailboxName("a mailbox stays with its owner")

    def job() -> None:
        names = lock_names(owner_id)
        if source.reader:
            _require_still(account_id, source)
        if place:
            sharing.require_create(account_id, place, names)
        if old_name not in names:
            raise NoSuchMailbox(f"no mailbox {old!r}")
        if new_name in names:
            raise MailboxExists(f"{new!r} exists")
        if old_name == INBOX:
            _create_with_parents(owner_id, names, new_name, "")
            target_id = Mailbox.objects.get(account_id=owner_id, name=new_name).pk
            emptying.move_all(owner_id, source.id, target_id)
            _copy_metadata(owner_id, source.id, target_id)
        else:
            _rename_tree(owner_id, names, old_name, new_name)

    writer.write(job)
    return get_mailbox(account_id, new.removesuffix(DELIMITER))


def _copy_metadata(owner_id: int, source_id: int, target_id: int) -> None:
    """Both have the annotations from here on (RFC 5464 section 4.1): shared ones, and the owner's own. Those of others
    stay behind: they need not even see the new mailbox."""
    rows = list(Metadata.objects.filter(mailbox_id=source_id, account_id=owner_id).exclude(value=None).order_by("pk"))
    for row in rows:
        row.pk, row.mailbox_id = None, target_id
    Metadata.objects.bulk_create(rows)


def _rename_tree(account_id: int, names: dict[str, bool], old: str, new: str) -> None:
    if new.startswith(old + DELIMITER):
        raise BadMailboxName("a mailbox cannot become its own child")
    moved = {
        name: canonical(new + name[len(old) :]) for name in names if name == old or name.startswith(old + DELIMITER)
    }
    if any(target in names for target in moved.values()):
        raise MailboxExists(f"a mailbox below {new!r} exists")
    for parent in parents(new):
        if parent not in names:
            insert_mailbox(account_id, names, parent, "")
    for name, target in moved.items():
        Mailbox.objects.filter(account_id=account_id, name=name).update(name=target)
        Subscription.objects.filter(account_id=account_id, name=target).delete()
    names_changed(account_id)


def delete_mailbox(account_id: int, name: str) -> None:
    r"""DELETE with its mail. With children it stays as a \Noselect name (RFC 3501 section 6.3.4).

    A subscription to the name survives (section 6.3.6), its access control list does not (RFC 4314 section 4).
    Raises NoSuchMailbox, NoPermission, CannotChangeInbox, HasChildren.
    """
    info = get_mailbox(account_id, name)
    rights.require(info.rights, rights.DELETE_MAILBOX)
    owner_id, own = info.account_id, sharing.own_name(info)
    if own == INBOX:
        raise CannotChangeInbox("INBOX cannot be deleted")
    if info.messages > expunging.BATCH:
        emptying.shrink(owner_id, info.id, partial(_require_still, account_id, info))

    def job() -> None:
        names = lock_names(owner_id)
        if info.reader:
            _require_still(account_id, info)
        if own not in names:
            raise NoSuchMailbox(f"no mailbox {name!r}")
        children = any(other.startswith(own + DELIMITER) for other in names)
        if children and not names[own]:
            raise HasChildren(f"{name!r} has children")
        # By name, and only now: another session may have renamed it and created the name anew.
        mailbox = Mailbox.objects.get(account_id=owner_id, name=own)
        emptying.delete_all(owner_id, mailbox.pk)
        mailbox.delete()
        del names[own]
        if children:
            # A new row: a session that has the old one selected cannot slip into the next of that name.
            insert_mailbox(owner_id, names, own, "", selectable=False, subscribed=mailbox.subscribed, inherits=False)
        elif mailbox.subscribed:
            Subscription.objects.get_or_create(account_id=owner_id, name=own)
        changed(owner_id)

    writer.write(job)


def _require_still(account_id: int, info: MailboxInfo) -> None:
    """Behind the lock: another session may have renamed the mailbox or taken the right to delete it.

    Raises NoSuchMailbox, NoPermission.
    """
    found = get_mailbox(account_id, info.name)
    if found.id != info.id:
        raise NoSuchMailbox(f"{info.name!r} is another mailbox by now")
    rights.require(found.rights, rights.DELETE_MAILBOX)


def lock_names(account_id: int) -> dict[str, bool]:
    """Every name with whether it is selectable; the usage row is locked, and with it the account's mailboxes."""
    Usage.objects.bulk_create([Usage(account_id=account_id)], ignore_conflicts=True)
    sql.fetch_all("SELECT 1 FROM mailstore_usage WHERE account_id = %s" + sql.for_update(), (account_id,))
    rows = sql.fetch_all("SELECT name, selectable FROM mailstore_mailbox WHERE account_id = %s", (account_id,))
    return {name: bool(selectable) for name, selectable in rows}


def _create_with_parents(account_id: int, names: dict[str, bool], name: str, special_use: str) -> None:
    for parent in parents(name):
        if parent not in names:
            insert_mailbox(account_id, names, parent, "")
    if name in names:  # \Noselect until now, so that nobody has seen its UIDVALIDITY
        mailbox = Mailbox.objects.filter(account_id=account_id, name=name)
        mailbox.update(selectable=True, special_use=special_use)
        names_changed(account_id)
    else:
        insert_mailbox(account_id, names, name, special_use)


def insert_mailbox(
    account_id: int, names: dict[str, bool], name: str, special_use: str,
    *, selectable: bool = True, subscribed: bool = True, inherits: bool = True,
) -> None:  # fmt: skip
    """A new mailbox, with the access control list of its parent (RFC 4314 section 4) where it inherits."""
    if len(names) >= MAX_MAILBOXES:
        raise LimitReached(f"account {account_id} has {MAX_MAILBOXES} mailboxes")
    Subscription.objects.filter(account_id=account_id, name=name).delete()
    Mailbox.objects.create(
        account_id=account_id,
        name=name,
        special_use=special_use,
        selectable=selectable,
        subscribed=subscribed,
        uid_validity=next_uid_validity(account_id),
    )
    if inherits and DELIMITER in name:
        sql.execute(_INHERIT, (account_id, name, account_id, name.rpartition(DELIMITER)[0]))
    names[name] = selectable
    changed(account_id)


def names_changed(account_id: int) -> None:
    """The list of mailboxes changed: counted, for processes that poll, and told to the feed."""
    Usage.objects.filter(pk=account_id).update(changes=F("changes") + 1)
    changed(account_id)


def next_uid_validity(account_id: int) -> int:
    """Unique in the account and growing, also when the clock goes back (RFC 3501 section 2.3.1.1)."""
    usage = Usage.objects.get(pk=account_id)
    value = max(int(time.time()), usage.last_uid_validity + 1)
    Usage.objects.filter(pk=account_id).update(last_uid_validity=value, changes=F("changes") + 1)
    return value
