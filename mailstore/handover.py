"""The mail of a leaving account becomes a folder of another one."""

from django.db.models import F

from mailstore import sql
from mailstore.hierarchy import next_uid_validity
from mailstore.models import AccessRights, Annotation, Mailbox, Metadata, Reader, SeenMark, Usage
from mailstore.names import DELIMITER, INBOX, MAX_NAME_LENGTH
from mailstore.transactions import changed

MAX_PREFIX = 100  # characters of the folder's name; leaves room for the names below


def hand_over(account_id: int, address: str, heir_id: int) -> None:
    """Give every mailbox of the account to the heir, below a folder named after the address.

    Rows change their account; no message is copied, and every UIDVALIDITY is new. Both accounts' names are locked.
    """
    taken = set(Mailbox.objects.filter(account_id=heir_id).values_list("name", flat=True))
    root = _free(address.replace(DELIMITER, "_")[:MAX_PREFIX], taken)
    for mailbox in Mailbox.objects.filter(account_id=account_id).order_by("name"):
        name = root if mailbox.name == INBOX else _free(root + DELIMITER + mailbox.name, taken)
        taken.add(name)
        Mailbox.objects.filter(pk=mailbox.pk).update(
            account_id=heir_id,
            name=name,
            special_use="",
            subscribed=True,
            uid_validity=next_uid_validity(heir_id),
            highest_modseq=F("highest_modseq") + 1,
            read_by_others=False,
        )
        # Whom the one trusted the other need not trust; and what the heir has read is now told by its own flags.
        for model in (AccessRights, SeenMark, Reader):
            model.objects.filter(mailbox_id=mailbox.pk).delete()
        changed(heir_id, mailbox.pk, mailbox.highest_modseq + 1)
        for annotated in (Metadata, Annotation):
            # Private ones of those who shared it go: the heir's own beside these, and others' whom nothing lets in now.
            annotated.objects.filter(mailbox_id=mailbox.pk).exclude(account_id=account_id).delete()
            annotated.objects.filter(mailbox_id=mailbox.pk, account_id=account_id).update(account_id=heir_id)
        sql.execute("UPDATE mailstore_entry SET account_id = %s WHERE mailbox_id = %s", (heir_id, mailbox.pk))
    sql.execute("UPDATE mailstore_message SET account_id = %s WHERE account_id = %s", (heir_id, account_id))
    used = Usage.objects.get(pk=account_id)
    Usage.objects.filter(pk=heir_id).update(
        size=F("size") + used.size, messages=F("messages") + used.messages, changes=F("changes") + 1
    )
    changed(heir_id)


def _free(name: str, taken: set[str]) -> str:
    """The name, cut to what is allowed, with a number behind it if it is taken."""
    name, number = name[:MAX_NAME_LENGTH].rstrip(DELIMITER), 1
    candidate = name
    while candidate in taken:
        number += 1
        candidate = f"{name[: MAX_NAME_LENGTH - 8]} ({number})"
    return candidate
