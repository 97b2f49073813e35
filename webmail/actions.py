"""What one can do with messages of a folder: each verb of the store with its sentence and its way back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from mailstore import flags, mailboxes, messages, rights
from mailstore.mailboxes import MailboxInfo
from webmail.folders import label_of
from webmail.toasts import Undo

# Where a special folder was deleted, it is made again under this name.
SPECIAL_NAMES = {"\\Archive": "Archive", "\\Junk": "Junk", "\\Trash": "Trash", "\\Drafts": "Drafts", "\\Sent": "Sent"}
PURGE_BATCH = 1000  # messages deleted in one transaction, so that other writers get their turn


@dataclass(frozen=True, slots=True)
class Outcome:
    """text "" : nothing to tell. gone: the messages are no longer in the folder."""

    text: str = ""
    undo: Undo | None = None
    gone: bool = False


def special(account_id: int, use: str) -> MailboxInfo:
    """The special-use mailbox, made when it is missing."""
    found = mailboxes.find_special(account_id, use)
    return found or mailboxes.create_mailbox(account_id, SPECIAL_NAMES[use], use)


def _flag(mode: messages.StoreMode, bit: int) -> Callable[[MailboxInfo, Sequence[int]], Outcome]:
    def verb(mailbox: MailboxInfo, uids: Sequence[int]) -> Outcome:
        messages.store_flags(mailbox.acting_id, mailbox.id, uids, mode, bit)
        return Outcome()

    return verb


def move(mailbox: MailboxInfo, uids: Sequence[int], target: MailboxInfo) -> Outcome:
    """Moves to another folder, and says so with an undo."""
    if target.id == mailbox.id:
        return Outcome()
    moved = messages.move_messages(mailbox.acting_id, mailbox.id, uids, target.id)
    count = len(moved.target_uids)
    if not count:
        return Outcome(gettext("These messages are not here any more."), gone=True)
    back = rights.DELETE_MESSAGES | rights.EXPUNGE  # and "i" where they came from
    can_return = mailbox.rights & rights.INSERT and target.rights & back == back
    undo = Undo(mailbox.acting_id, target.id, tuple(moved.target_uids), mailbox.id) if can_return else None
    text = ngettext("Moved to %(folder)s", "%(count)d messages moved to %(folder)s", count)
    return Outcome(text % {"count": count, "folder": label_of(target)}, undo, gone=True)


def _move_to(use: str) -> Callable[[MailboxInfo, Sequence[int]], Outcome]:
    return lambda mailbox, uids: move(mailbox, uids, special(mailbox.acting_id, use))


def _not_junk(mailbox: MailboxInfo, uids: Sequence[int]) -> Outcome:
    return move(mailbox, uids, mailboxes.get_mailbox(mailbox.acting_id, "INBOX"))


def purge(mailbox: MailboxInfo, uids: Sequence[int]) -> Outcome:
    """Deletes for ever."""
    count = 0
    for start in range(0, len(uids), PURGE_BATCH):
        count += len(messages.delete_messages(mailbox.acting_id, mailbox.id, uids[start : start + PURGE_BATCH]))
    text = ngettext("Deleted for ever", "%(count)d messages deleted for ever", count)
    return Outcome(text % {"count": count}, gone=True)


def empty(mailbox: MailboxInfo) -> Outcome:
    """Deletes everything in the folder for ever."""
    seen = messages.snapshot(mailbox.acting_id, mailbox.id, take_recent=False)
    return purge(mailbox, list(seen.uids))


VERBS: dict[str, Callable[[MailboxInfo, Sequence[int]], Outcome]] = {
    "read": _flag("add", flags.SEEN),
    "unread": _flag("remove", flags.SEEN),
    "star": _flag("add", flags.FLAGGED),
    "unstar": _flag("remove", flags.FLAGGED),
    "archive": _move_to("\\Archive"),
    "junk": _move_to("\\Junk"),
    "notjunk": _not_junk,
    "trash": _move_to("\\Trash"),
    "purge": purge,
}
NEEDS_CONFIRMATION = frozenset({"purge"})


def undo(what: Undo) -> int:
    """Moves the messages back; how many came."""
    back = messages.move_messages(what.account_id, what.mailbox_id, what.uids, what.back_to)
    return len(back.target_uids)
