"""A folder's own page: what it is, who may do what in it, and sharing it."""

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from mailstore import rights
from mailstore.mailboxes import MailboxInfo
from security.web import account_required
from webmail import access, allowed, folders, partial, rows, sharing, toasts
from webmail.forms.sharing import RightsForm, ShareForm


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
@access.within_rights
def folder(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """GET: the page. POST do=share, set or stop, for who has the right to share."""
    mailbox = access.visible_or_404(request, mailbox_id)
    if request.method != "POST":
        return _page(request, mailbox)
    rights.require(mailbox.rights, rights.ADMINISTER)
    verbs = {"share": _share, "set": _set, "stop": _stop}
    verb = verbs.get(request.POST.get("do", ""))
    if verb is None:
        return HttpResponseBadRequest()
    try:
        return verb(request, mailbox)
    except sharing.TooWide:
        return _ask(request)


def _share(request: HttpRequest, mailbox: MailboxInfo) -> HttpResponse:
    form = ShareForm(request.POST)
    if form.is_valid() and (told := sharing.share(mailbox, form, sure=_is_sure(request))):
        return _done(request, mailbox, told)
    return _page(request, mailbox, share=form)


def _set(request: HttpRequest, mailbox: MailboxInfo) -> HttpResponse:
    form, written = RightsForm(request.POST), request.POST.get("who", "")
    if not form.is_valid():
        return _page(request, mailbox, bound=(written, form))
    return _done(request, mailbox, sharing.change(mailbox, written, form, sure=_is_sure(request)))


def _stop(request: HttpRequest, mailbox: MailboxInfo) -> HttpResponse:
    return _done(request, mailbox, sharing.stop(mailbox, request.POST.get("who", "")))


def _is_sure(request: HttpRequest) -> bool:
    return request.POST.get("sure") == "1"


def _ask(request: HttpRequest) -> HttpResponse:
    kept = ("do", "who", "everyone", "level", "rights")
    context = {
        "title": gettext("Let everyone share this folder?"),
        "text": gettext("Everyone on this server could then change who may do what in it, and delete it."),
        "verb": gettext("Let everyone do everything"),
        "action": request.path,
        "fields": [("sure", "1")] + [(name, value) for name in kept for value in request.POST.getlist(name)],
        "back": request.path,
        "updates": False,
    }
    return render(request, "webmail/ask.html", context)


def _done(request: HttpRequest, mailbox: MailboxInfo, sentence: str) -> HttpResponse:
    toasts.say(request, sentence)
    may_still = access.find_visible(request, mailbox.id) is not None
    return partial.go_to(request, request.path if may_still else "/webmail/")


def _page(
    request: HttpRequest,
    mailbox: MailboxInfo,
    *,
    share: ShareForm | None = None,
    bound: tuple[str, RightsForm] | None = None,
) -> HttpResponse:
    account, may = access.account_of(request), allowed.in_folder(mailbox)
    may_read = bool(mailbox.rights & rights.READ)
    context = {
        "account": account,
        "mailbox": mailbox,
        "label": folders.label_of(mailbox),
        "allowed": may,
        "owner": folders.owner_of(mailbox) if mailbox.reader else account.address,
        "may_read": may_read,  # how much is in it (STATUS, RFC 4314 section 4)
        "mine": sharing.may_of(mailbox.rights),
        "back": rows.Where(mailbox).list_url if mailbox.selectable and may_read else "/webmail/",
        "entries": sharing.entries(account.id, mailbox, bound) if may.share else [],
        "share": share or ShareForm(),
        "sidebar": folders.sidebar(account.id, mailbox.id),
    }
    invalid = bool(bound) or bool(share)
    return render(request, "webmail/sharing.html", context, status=422 if invalid else 200)
