"""The access getters: what is not this account's does not exist (404); what its rights do not allow is a 403."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from directory.accounts import AccountInfo
from mailstore import listing, mailboxes, rights
from mailstore.errors import NoPermission, NoSuchMailbox, NoSuchMessage
from mailstore.mailboxes import MailboxInfo


def account_of(request: HttpRequest) -> AccountInfo:
    """The signed-in account of a view behind @account_required."""
    account: AccountInfo = request.account  # type: ignore[attr-defined]
    return account


def mailbox_or_404(request: HttpRequest, mailbox_id: int) -> MailboxInfo:
    """A mailbox that can hold messages and that the signed-in account may read."""
    try:
        mailbox = mailboxes.get_mailbox_by_id(account_of(request).id, mailbox_id)
    except NoSuchMailbox as error:
        raise Http404 from error
    if not mailbox.selectable or not mailbox.rights & rights.READ:
        raise Http404
    return mailbox


def find_visible(request: HttpRequest, mailbox_id: int) -> MailboxInfo | None:
    """A mailbox that the signed-in account may look up, whatever else it may."""
    try:
        mailbox = mailboxes.get_mailbox_by_id(account_of(request).id, mailbox_id)
    except NoSuchMailbox:
        return None
    return mailbox if mailbox.rights & rights.LOOKUP else None


def visible_or_404(request: HttpRequest, mailbox_id: int) -> MailboxInfo:
    """The same, or 404; also one that only holds other folders."""
    found = find_visible(request, mailbox_id)
    if found is None:
        raise Http404
    return found


def within_rights(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view with verbs that the rights on a mailbox of another may not allow: 403, or 404 where it is not seen."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NoPermission as error:
            raise PermissionDenied from error
        except NoSuchMailbox as error:
            raise Http404 from error

    return guarded


def message_or_404(
    request: HttpRequest, mailbox_id: int, uid: int, only: listing.Filter = "all"
) -> listing.MessageView:
    """A message of the signed-in account; newer_uid and older_uid follow the filter."""
    try:
        return listing.get_message(account_of(request).id, mailbox_id, uid, only=only)
    except (NoSuchMessage, NoSuchMailbox) as error:
        raise Http404 from error
