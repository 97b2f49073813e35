"""Writing, answering, forwarding; keeping drafts; sending."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from mailstore import mailboxes
from mailstore.errors import LimitReached, OverQuota
from security.web import account_of, account_required
from webmail import access, actions, answers, desk, drafts, folders, formats, letters, partial, rows, sending, toasts
from webmail.drafts import Writing
from webmail.forms.compose import MAX_FILES, ComposeForm
from webmail.views.session import refused

KINDS: dict[str, answers.Kind] = {"reply": "reply", "all": "all", "forward": "forward"}


def _page(
    request: HttpRequest, form: ComposeForm, files: tuple[drafts.Carried, ...], title: str, *, status: int = 200
) -> HttpResponse:
    account = access.account_of(request)
    context = {
        "form": form,
        "files": files,
        "account": account,
        "sidebar": folders.sidebar(account.id),
        "title": title,
        "recipients": [
            (form[name], [problem.typed for problem in form.problems[name]], name) for name in ("to", "cc", "bcc")
        ],
        "max_octets": drafts.MAX_ATTACHMENTS,
        "has_errors": status != 200,
    }
    return render(request, "webmail/compose.html", context, status=status)


def _from(request: HttpRequest, start: Writing, title: str) -> HttpResponse:
    names = ("to", "cc", "bcc", "subject", "text", "draft", "answers", "in_reply_to", "references")
    form = ComposeForm(initial={name: getattr(start, name) for name in names})
    return _page(request, form, start.files, title)


def _opened(request: HttpRequest, mailbox_id: int, uid: int) -> letters.Opened:
    return letters.open_message(access.account_of(request).id, access.message_or_404(request, mailbox_id, uid))


@never_cache
@require_safe
@account_required
def new(request: HttpRequest) -> HttpResponse:
    """An empty letter, with ?to= and ?subject= filled in. Nothing is stored before it is saved."""
    start = Writing(to=request.GET.get("to", "")[:1000], subject=request.GET.get("subject", "")[:500])
    return _from(request, start, gettext("New message"))


@never_cache
@require_safe
@account_required
def answer(request: HttpRequest, mailbox_id: int, uid: int, kind: str) -> HttpResponse:
    """Reply, reply to all or forward."""
    if kind not in KINDS:
        raise Http404
    start = answers.start(_opened(request, mailbox_id, uid), access.account_of(request).address, KINDS[kind])
    title = {"reply": gettext("Reply"), "all": gettext("Reply to all"), "forward": gettext("Forward")}[kind]
    return _from(request, start, title)


@never_cache
@require_safe
@account_required
def draft(request: HttpRequest, uid: int) -> HttpResponse:
    """A draft opened again."""
    mailbox = actions.special(access.account_of(request).id, "\\Drafts")
    return _from(request, drafts.load(_opened(request, mailbox.id, uid)), gettext("Draft"))


def _carried(request: HttpRequest) -> list[tuple[letters.Opened, str]]:
    """The stored files that the form keeps: (message, part number); those of others are 404."""
    kept, opened = [], {}
    for token in request.POST.getlist("keep")[: MAX_FILES + 1]:
        mailbox_id, _, rest = token.partition(".")
        uid, _, number = rest.partition(".")
        place = desk.number(mailbox_id), desk.number(uid)
        if place not in opened:
            opened[place] = _opened(request, *place)
        kept.append((opened[place], number))
    return kept


def _finished(request: HttpRequest, form: ComposeForm) -> drafts.Finished:
    """The letter with all its files read."""
    stored = [drafts.attachment(opened, number) for opened, number in _carried(request)]
    files = [one for one in stored if one is not None]
    files += [drafts.uploaded(one) for one in form.cleaned_data.get("uploads", [])]
    boxes = {
        name: [*group, *(one.mailbox for one in form.problems[name] if one.mailbox)]
        for name, group in form.mailboxes.items()
    }
    cleaned = {name: form.cleaned_data.get(name) or "" for name in ("subject", "text", "in_reply_to", "references")}
    return drafts.Finished(
        to=boxes["to"], cc=boxes["cc"], bcc=boxes["bcc"], attachments=files,
        answers=form.cleaned_data.get("answers", ""), **cleaned,
    )  # fmt: skip


def _listed(request: HttpRequest) -> tuple[drafts.Carried, ...]:
    """The kept files as the page lists them again."""
    chosen = []
    for opened, number in _carried(request):
        chosen += [one for one in drafts.carried(opened) if one.token.endswith(f".{number}")]
    return tuple(chosen)


def _too_large(letter: drafts.Finished) -> str:
    if len(letter.attachments) > MAX_FILES:
        return gettext("A message carries at most %(count)d files.") % {"count": MAX_FILES}
    size = sum(len(one.data) for one in letter.attachments)
    if size <= drafts.MAX_ATTACHMENTS:
        return ""
    words = {"size": formats.size(size), "limit": formats.size(drafts.MAX_ATTACHMENTS)}
    return gettext("The files are too large: %(size)s, the limit is %(limit)s.") % words


@require_POST
@account_required
@access.within_rights
def save(request: HttpRequest) -> JsonResponse:
    """Keeps the draft for the script: {"draft", "saved", "files": [...]}, or {"error"} with 422."""
    form = ComposeForm(request.POST, request.FILES)
    form.is_valid()
    letter = _finished(request, form)
    refused = " ".join(map(str, form.errors.get("uploads", [])))
    error = refused or _too_large(letter) or _store_draft(request, form, letter)
    if error:
        return JsonResponse({"error": error}, status=422)
    return JsonResponse(_saved(request, form))


def _store_draft(request: HttpRequest, form: ComposeForm, letter: drafts.Finished) -> str:
    """Saves; the error as a sentence, "" when it went well. Leaves the new UID in form.draft_place."""
    try:
        place = drafts.save(access.account_of(request), letter, form.cleaned_data.get("draft") or 0)
    except OverQuota:
        return gettext("Your mailbox is full: the draft is not saved.")
    except LimitReached:
        return gettext("The draft is too large to be saved.")
    form.draft_place = place
    return ""


def _saved(request: HttpRequest, form: ComposeForm) -> dict[str, object]:
    mailbox_id, uid = form.draft_place
    files = drafts.carried(_opened(request, mailbox_id, uid))
    listed = [{"token": one.token, "name": one.name, "size": formats.size(one.size)} for one in files]
    return {"draft": uid, "saved": formats.clock(formats.now()), "files": listed}


@require_POST
def submit(request: HttpRequest) -> HttpResponse:
    """The form without script, and sending: do=send, do=save or do=discard. Who is signed out keeps the words."""
    if account_of(request) is None:
        return refused(request)
    form = ComposeForm(request.POST, request.FILES)
    form.is_valid()
    verb = request.POST.get("do", "send")
    if verb == "discard":
        return _discard(request, form)
    letter = _finished(request, form)
    if problem := _too_large(letter):
        form.add_error("uploads", problem)
        return _page(request, form, _listed(request), gettext("New message"), status=422)
    if verb == "save":
        return _keep(request, form, letter)
    return _send(request, form, letter)


def _keep(request: HttpRequest, form: ComposeForm, letter: drafts.Finished) -> HttpResponse:
    if letter.is_empty and not form.cleaned_data.get("draft"):
        return partial.go_to(request, "/webmail/")
    if error := _store_draft(request, form, letter):
        form.add_error(None, error)
        return _page(request, form, _listed(request), gettext("New message"), status=422)
    toasts.say(request, gettext("Draft saved"))
    return partial.go_to(request, _drafts_url(request))


def _send(request: HttpRequest, form: ComposeForm, letter: drafts.Finished) -> HttpResponse:
    account = access.account_of(request)
    if form.check_for_sending(sending.refused(form.everybody(), account)):
        error = sending.send(account, letter, form.everybody(), form.cleaned_data.get("draft") or 0)
        if not error:
            toasts.say(request, sending.told(form.everybody()))
            return partial.go_to(request, _back_url(request, letter.answers))
        form.add_error(None, error)
    return _page(request, form, _listed(request), gettext("New message"), status=422)


def _discard(request: HttpRequest, form: ComposeForm) -> HttpResponse:
    """Moves the draft to Trash, with an undo; a letter that was never saved is simply gone."""
    mailbox = actions.special(access.account_of(request).id, "\\Drafts")
    if uid := form.cleaned_data.get("draft"):
        outcome = actions.VERBS["trash"](mailbox, [uid])
        toasts.say(request, outcome.text, outcome.undo)
    return partial.go_to(request, "/webmail/")


def _drafts_url(request: HttpRequest) -> str:
    return rows.Where(actions.special(access.account_of(request).id, "\\Drafts")).list_url


def _back_url(request: HttpRequest, place: str) -> str:
    """Behind sending: to the folder of the answered message, else the inbox."""
    account = access.account_of(request)
    match = drafts.ANSWERS.match(place)
    boxes = {box.id: box for box in mailboxes.list_mailboxes(account.id) if box.selectable}
    if match and int(match[1]) in boxes:
        return rows.Where(boxes[int(match[1])]).list_url
    return "/webmail/"
