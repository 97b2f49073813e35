"""The folders, the list and the reading pane."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from mailstore import mailboxes
from security.web import account_required
from webmail import access, desk, folders, letters, partial, rows


@require_safe
@account_required
def home(request: HttpRequest) -> HttpResponse:
    """The webmail opens on the inbox."""
    inbox = mailboxes.get_mailbox(access.account_of(request).id, "INBOX")
    return redirect("webmail:folder", inbox.id)


@require_safe
@account_required
def folder(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """A folder: its newest messages, or those older than ?before=."""
    open_uid = desk.number(request.GET.get("open", ""))
    where = rows.Where(access.mailbox_or_404(request, mailbox_id), rows.filter_of(request.GET), open_uid)
    asked, part = desk.asked(request), partial.wanted(request)
    if part == "reader":
        return render(request, "webmail/parts/idle.html", {"where": where, "title": folders.label_of(where.mailbox)})
    if part == "older":
        page = rows.load(where, before=asked.before, last_head=asked.last_head)
        return render(request, "webmail/parts/rows.html", {"page": page})
    page = rows.load(where, before=asked.before, limit=asked.loaded)
    name = "webmail/update.html" if part else "webmail/mail.html"
    return render(request, name, desk.context(request, where, page=page) | {"oob": bool(part)})


@require_safe
@account_required
def message(request: HttpRequest, mailbox_id: int, uid: int) -> HttpResponse:
    """A message beside its folder. It is marked as read by a POST that the shown page sends."""
    show = rows.filter_of(request.GET)
    where = rows.Where(access.mailbox_or_404(request, mailbox_id), show, open_uid=uid)
    account = access.account_of(request)
    view = access.message_or_404(request, mailbox_id, uid, only=show)
    letter = letters.letter(
        letters.open_message(account.id, view),
        where,
        account.address,
        with_images=request.GET.get("images") == "1",
        as_text=request.GET.get("text") == "1",
    )
    if partial.wanted(request) == "reader":
        return render(request, "webmail/parts/reader.html", desk.context(request, where, letter=letter))
    page = rows.load(where, limit=desk.asked(request).loaded)
    return render(request, "webmail/mail.html", desk.context(request, where, page=page, letter=letter))


@require_safe
@account_required
def folder_list(request: HttpRequest) -> HttpResponse:
    """The folder column alone, for pages without a list that hear of a change."""
    account = access.account_of(request)
    return render(request, "webmail/parts/folder_list.html", {"sidebar": folders.sidebar(account.id)})
