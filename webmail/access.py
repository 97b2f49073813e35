"""The access getters: what is not this account's does not exist (404)."""

from django.http import Http404, HttpRequest

from directory.accounts import AccountInfo
from mailstore import listing, mailboxes
from mailstore.errors import NoSuchMailbox, NoSuchMessage
from mailstore.mailboxes import MailboxInfo


def account_of(request: HttpRequest) -> AccountInfo:
    """The signed-in account of a view behind @account_required."""
    account: AccountInfo = request.account  # type: ignore[attr-defined]
    return account


def mailbox_or_404(request: HttpRequest, mailbox_id: int) -> MailboxInfo:
    """A mailbox of the signed-in account that can hold messages."""
    try:
        mailbox = mailboxes.get_mailbox_by_id(account_of(request).id, mailbox_id)
    except NoSuchMailbox as error:
        raise Http404 from error
    if not mailbox.selectable:
        raise Http404
    return mailbox


def message_or_404(
    request: HttpRequest, mailbox_id: int, uid: int, only: listing.Filter = "all"
) -> listing.MessageView:
    """A message of the signed-in account; newer_uid and older_uid follow the filter."""
    try:
        return listing.get_message(account_of(request).id, mailbox_id, uid, only=only)
    except (NoSuchMessage, NoSuchMailbox) as error:
        raise Http404 from error
