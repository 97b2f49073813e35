"""The view model of the folders at the left, and the words for the special ones."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext, pgettext

from mailstore import mailboxes, quota
from mailstore.mailboxes import MailboxInfo
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
    return labels.get(role_of(mailbox)) or mailbox.name.rpartition(DELIMITER)[2]


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


@dataclass(frozen=True, slots=True)
class Quota:
    """percent is None where no quota is set."""

    percent: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Sidebar:
    special: list[FolderItem]
    own: list[FolderItem]
    quota: Quota
    inbox_unread: int


def sidebar(account_id: int, current_id: int = 0) -> Sidebar:
    """Everything that the folder column shows: two reads of the store."""
    found = mailboxes.list_mailboxes(account_id)
    special = sorted((box for box in found if role_of(box)), key=lambda box: ORDER.index(role_of(box)))
    own = sorted((box for box in found if not role_of(box)), key=lambda box: box.name.casefold().split(DELIMITER))
    inbox = next((box for box in special if role_of(box) == "INBOX"), None)
    return Sidebar(
        [_item(box, current_id) for box in special],
        [_item(box, current_id) for box in own],
        _quota(account_id),
        inbox.unseen if inbox else 0,
    )


def _item(mailbox: MailboxInfo, current_id: int) -> FolderItem:
    role = role_of(mailbox)
    told = mailbox.messages if role == "\\Drafts" else 0 if role in ("\\Sent", "\\Trash") else mailbox.unseen
    return FolderItem(
        id=mailbox.id,
        label=label_of(mailbox),
        full_name=mailbox.name,
        icon=ICONS.get(role, "folder"),
        url=reverse("webmail:folder", args=[mailbox.id]),
        count=str(told) if told else "",
        is_new=bool(told) and role not in ("\\Drafts", "\\Junk"),
        is_current=mailbox.id == current_id,
        depth=0 if role else min(mailbox.name.count(DELIMITER), MAX_DEPTH),
        selectable=mailbox.selectable,
        role=role,
    )


def _quota(account_id: int) -> Quota:
    used = quota.usage(account_id)
    if not used.quota_bytes:
        return Quota(None, gettext("%(used)s used") % {"used": formats.size(used.size)})
    words = {"used": formats.size(used.size), "all": formats.size(used.quota_bytes)}
    return Quota(min(100, used.size * 100 // used.quota_bytes), gettext("%(used)s of %(all)s used") % words)
