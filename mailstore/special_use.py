"""The special use of a mailbox that exists (RFC 6154 section 4)."""

from mailstore.mailbox_info import MailboxInfo
from mailstore.models import Mailbox
from mailstore.names import INBOX


def assign(info: MailboxInfo, special_use: str) -> list[int] | None:
    r"""Give the mailbox this special use, "" for none. Part of a job that has locked the account's names.

    The ids of the mailboxes that had it until now and have it no more: one that is set on purpose is the only one, for
    the webmail and delivery look for one. None where nothing had to change, or nothing can: INBOX is for what arrives.
    """
    own = Mailbox.objects.filter(account_id=info.account_id)
    if info.name == INBOX or own.filter(pk=info.id, special_use=special_use).exists():
        return None
    before = own.filter(special_use=special_use) if special_use else own.none()
    losers = list(before.order_by("id").values_list("id", flat=True))
    own.filter(pk__in=losers).update(special_use="")
    own.filter(pk=info.id).update(special_use=special_use)
    return losers
