"""The view model of the folders at the left, and the words for the special ones."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext, pgettext

from mailstore import mailboxes, quota, rights
from mailstore.mailboxes import MailboxInfo
from mailstore.sharing import own_name, place_of
from webmail import formats

DELIMITER = "/"
ORDER = ("INBOX", "\\Drafts", "\\Sent", "\\Archive", "\\Junk", "\\Trash")
ICONS = {
    "INBOX": "inbox", "\\Drafts": "file-pen-line", "\\Sent": "send",
    "\\Archive": "archive", "\\Junk": "shield-alert", "\\Trash": "trash-2",
}  # fmt: skip
MAX_DEPTH = 4  # deeper folders are not indented further: their names must stay readable


def role_of(mailbox: MailboxInfo) -> str:
    r"""One of ORDER, or "" for a folder that the user made."""
    if mailbox.name == "INBOX":
        return "INBOX"
    return mailbox.special_use if mailbox.special_use in ORDER else ""


def label_of(mailbox: MailboxInfo) -> str:
    """The name that people read: special folders in their language, others without their parents."""
    labels = {
        "INBOX": pgettext("folder", "Inbox"), "\\Drafts": pgettext("folder", "Drafts"),
        "\\Sent": pgettext("folder", "Sent"), "\\Archive": pgettext("folder", "Archive"),
        "\\Junk": pgettext("folder", "Junk"), "\\Trash": pgettext("folder", "Trash"),
    }  # fmt: skip
    last = mailbox.name.rpartition(DELIMITER)[2]
    return labels.get(role_of(mailbox) or (last if last == "INBOX" else "")) or last  # another's inbox too


@dataclass(frozen=True, slots=True)
class FolderItem:
    """One line of the sidebar. count is "" where there is nothing to tell; depth 0 to MAX_DEPTH."""

    id: int
    label: str
    full_name: str
    icon: str
    url: str
    count: str
    is_new: bool
    is_current: bool
    depth: int
    selectable: bool
    role: str
    takes_mail: bool = True


@dataclass(frozen=True, slots=True)
class Quota:
    """percent is None where no quota is set."""

    percent: int | None
    text: str


@dataclass(frozen=True, slots=True)
class SharedGroup:
    """The folders of one owner. owner is an address, "" for the domain's public folders."""

    owner: str
    title: str
    folders: list[FolderItem]


@dataclass(frozen=True, slots=True)
class Sidebar:
    special: list[FolderItem]
    own: list[FolderItem]
    shared: list[SharedGroup]
    quota: Quota
    inbox_unread: int
    current_has_place: bool  # the current folder may lie somewhere else, or under another name

    @property
    def targets(self) -> list[FolderItem]:
        """Folders of others that messages may be moved to."""
        return [folder for group in self.shared for folder in group.folders if folder.takes_mail]


def sidebar(account_id: int, current_id: int = 0) -> Sidebar:
    """Everything that the folder column shows: two reads of the store, whatever is shared."""
    every = mailboxes.list_mailboxes(account_id)
    found = [box for box in every if not box.reader]
    special = sorted((box for box in found if role_of(box)), key=lambda box: ORDER.index(role_of(box)))
    own = sorted((box for box in found if not role_of(box)), key=lambda box: box.name.casefold().split(DELIMITER))
    inbox = next((box for box in special if role_of(box) == "INBOX"), None)
    return Sidebar(
        [_item(box, current_id) for box in special],
        [_item(box, current_id) for box in own],
        _shared([box for box in every if box.reader], current_id),
        _quota(account_id),
        inbox.unseen if inbox else 0,
        any(box.id == current_id and (not box.reader or parents_of(box, every)) for box in every),
    )


def parents_of(mailbox: MailboxInfo | None, found: list[MailboxInfo]) -> list[MailboxInfo]:
    """Folders that another may lie in; for one that is there, of its owner, not itself nor those inside it.

    A folder of another must lie in one of these: nobody but the owner makes a mailbox at the top level.
    """
    places = [box for box in found if not role_of(box) and box.rights & rights.CREATE]
    if mailbox is not None:
        places = [box for box in places if box.account_id == mailbox.account_id and box.id != mailbox.id]
        places = [box for box in places if not box.name.startswith(mailbox.name + DELIMITER)]
    return sorted(places, key=lambda box: box.name.casefold())


def owner_of(mailbox: MailboxInfo) -> str:
    """Whose a shared folder is: an address, "" for the domain."""
    place = place_of(mailbox.name) if mailbox.reader else None
    return place.owner if place else ""


def _shared(boxes: list[MailboxInfo], current_id: int) -> list[SharedGroup]:
    """By owner, in the order of the store's list; the public folders last."""
    groups: dict[str, list[FolderItem]] = {}
    for box in sorted(boxes, key=lambda box: own_name(box) != "INBOX"):
        groups.setdefault(owner_of(box), []).append(_item(box, current_id))
    return [
        SharedGroup(owner, owner or gettext("Public folders"), items)
        for owner, items in sorted(groups.items(), key=lambda pair: (not pair[0], pair[0]))
    ]


def _item(mailbox: MailboxInfo, current_id: int) -> FolderItem:
    role = role_of(mailbox)
    may_read = bool(mailbox.rights & rights.READ)
    told = mailbox.messages if role == "\\Drafts" else 0 if role in ("\\Sent", "\\Trash") else mailbox.unseen
    told = told if may_read else 0
    return FolderItem(
        id=mailbox.id,
        label=label_of(mailbox),
        full_name=mailbox.name,
        icon=ICONS.get(role, "folder"),
        url=reverse("webmail:folder", args=[mailbox.id]),
        count=str(told) if told else "",
        is_new=bool(told) and role not in ("\\Drafts", "\\Junk"),
        is_current=mailbox.id == current_id,
        depth=0 if role else min(own_name(mailbox).count(DELIMITER), MAX_DEPTH),
        selectable=mailbox.selectable and may_read,
        role=role,
        takes_mail=mailbox.selectable and bool(mailbox.rights & rights.INSERT),
    )


def _quota(account_id: int) -> Quota:
    used = quota.usage(account_id)
    if not used.quota_bytes:
        return Quota(None, gettext("%(used)s used") % {"used": formats.size(used.size)})
    words = {"used": formats.size(used.size), "all": formats.size(used.quota_bytes)}
    return Quota(min(100, used.size * 100 // used.quota_bytes), gettext("%(used)s of %(all)s used") % words)
