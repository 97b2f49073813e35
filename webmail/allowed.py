"""What the signed-in account may do in a folder: buttons that its rights do not allow are not there."""

from dataclasses import dataclass

from mailstore import rights
from mailstore.mailboxes import MailboxInfo


@dataclass(frozen=True, slots=True)
class Allowed:
    """All of it in one's own folders; in those of others what their access control list says (mailstore.rights)."""

    mark: bool  # read and unread
    star: bool
    leave: bool  # messages may be moved away and deleted
    put: bool  # messages may come in
    rename: bool  # a folder of another only where there is a place for it too (folders.parents_of)
    delete: bool
    share: bool
    is_own: bool


def in_folder(mailbox: MailboxInfo) -> Allowed:
    """By the rights that came with it: nothing is read."""

    def may(needed: int) -> bool:
        return mailbox.rights & needed == needed

    return Allowed(
        mark=may(rights.KEEP_SEEN),
        star=may(rights.WRITE),
        leave=may(rights.DELETE_MESSAGES | rights.EXPUNGE),
        put=may(rights.INSERT),
        rename=may(rights.DELETE_MAILBOX),
        delete=may(rights.DELETE_MAILBOX | rights.DELETE_MESSAGES | rights.EXPUNGE),
        share=may(rights.ADMINISTER),
        is_own=not mailbox.reader,
    )
