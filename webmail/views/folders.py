"""Making, renaming and deleting folders; each is a small page that scripts show as a dialog."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from mailstore import mailboxes, messages
from mailstore.errors import BadMailboxName, LimitReached, MailboxExists, OverQuota, StoreError
from mailstore.mailboxes import MailboxInfo
from mailstore.sharing import own_name
from security.web import account_required
from webmail import access, actions, allowed, partial, rows, toasts
from webmail.folders import DELIMITER, parents_of, role_of
from webmail.forms.folder import FolderForm

MAX_MOVED_TO_TRASH = 1000  # messages of a deleted folder are moved in batches of this size


def _parents(request: HttpRequest, but: MailboxInfo | None = None) -> list[MailboxInfo]:
    return parents_of(but, mailboxes.list_mailboxes(access.account_of(request).id))


def _own_folder(request: HttpRequest, mailbox_id: int) -> MailboxInfo:
    """A folder that the user made: the special ones keep their names."""
    mailbox = access.visible_or_404(request, mailbox_id)
    if role_of(mailbox) or own_name(mailbox) == mailboxes.INBOX:
        raise Http404
    return mailbox


def _form_page(request: HttpRequest, form: FolderForm, title: str, verb: str, back: str) -> HttpResponse:
    context = {"form": form, "title": title, "verb": verb, "action": request.path, "back": back}
    name = "webmail/parts/folder_form.html" if partial.wanted(request) else "webmail/folder_form.html"
    return render(request, name, context, status=422 if form.errors else 200)


def _refusal(error: StoreError) -> str:
    if isinstance(error, MailboxExists):
        return gettext("There is a folder of this name already.")
    if isinstance(error, LimitReached):
        return gettext("This account has as many folders as it may have.")
    return gettext("A folder cannot have this name.")


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
@access.within_rights
def create(request: HttpRequest) -> HttpResponse:
    """A new folder."""
    form = FolderForm(request.POST if request.method == "POST" else None, parents=_parents(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = mailboxes.create_mailbox(access.account_of(request).id, form.full_name)
        except (MailboxExists, BadMailboxName, LimitReached) as error:
            form.add_error("name", _refusal(error))
        else:
            return partial.go_to(request, rows.Where(made).list_url)
    return _form_page(request, form, gettext("New folder"), gettext("Create"), "/webmail/")


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
@access.within_rights
def rename(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Another name, or another place, with everything inside."""
    mailbox = _own_folder(request, mailbox_id)
    parents = _parents(request, mailbox)
    if not allowed.in_folder(mailbox).rename or (mailbox.reader and not parents):
        raise PermissionDenied
    parent, _, name = mailbox.name.rpartition(DELIMITER)
    form = FolderForm(
        request.POST if request.method == "POST" else None,
        parents=parents,
        at_top=not mailbox.reader,
        initial={"name": name, "parent": parent},
    )
    where = rows.Where(mailbox)
    if request.method == "POST" and form.is_valid():
        try:
            if form.full_name != mailbox.name:
                mailboxes.rename_mailbox(mailbox.acting_id, mailbox.name, form.full_name)
        except (MailboxExists, BadMailboxName, LimitReached) as error:
            form.add_error("name", _refusal(error))
        else:
            return partial.go_to(request, where.list_url)
    return _form_page(request, form, gettext("Rename this folder"), gettext("Rename"), where.list_url)


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
@access.within_rights
def delete(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Deletes a folder; its messages go to Trash, so that they can be brought back from there."""
    mailbox = _own_folder(request, mailbox_id)
    if not allowed.in_folder(mailbox).delete:
        raise PermissionDenied
    where = rows.Where(mailbox)
    if request.method == "POST":
        try:
            _move_to_trash(mailbox)
        except OverQuota:  # the messages of another's folder; those of the batches before it have moved
            toasts.say(request, gettext("Your mailbox is full. The folder was not deleted."))
            return partial.go_to(request, where.list_url)
        mailboxes.delete_mailbox(mailbox.acting_id, mailbox.name)
        toasts.say(request, gettext("Folder “%(name)s” deleted") % {"name": mailbox.name})
        return partial.go_to(request, "/webmail/")
    count = mailbox.messages
    context = {
        "title": gettext("Delete the folder “%(name)s”?") % {"name": mailbox.name},
        "text": ngettext(
            "Its message moves to Trash.", "Its %(count)d messages move to Trash.", count
        ) % {"count": count} if count else gettext("It is empty."),
        "verb": gettext("Delete the folder"), "action": request.path, "fields": [],
        "back": where.list_url, "updates": False,
    }  # fmt: skip
    return render(request, "webmail/parts/ask.html" if partial.wanted(request) else "webmail/ask.html", context)


def _move_to_trash(mailbox: MailboxInfo) -> None:
    if not mailbox.selectable:
        return
    uids = list(messages.snapshot(mailbox.acting_id, mailbox.id, take_recent=False).uids)
    trash = actions.special(mailbox.acting_id, "\\Trash")
    for start in range(0, len(uids), MAX_MOVED_TO_TRASH):
        batch = uids[start : start + MAX_MOVED_TO_TRASH]
        messages.move_messages(mailbox.acting_id, mailbox.id, batch, trash.id)
