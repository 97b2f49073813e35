"""Doing something with messages of a folder: one, or all that are ticked."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from mailstore.errors import LimitReached, NoSuchMailbox, OverQuota
from security.web import account_required
from webmail import access, actions, desk, partial, rows, toasts

MAX_UIDS = 1000  # of one request; the list never holds more ticked rows


def _uids(request: HttpRequest, only: str) -> list[int]:
    """The messages meant: the one named behind the verb ("archive.12"), else the ticked ones."""
    texts = [only] if only else request.POST.getlist("uid")[:MAX_UIDS]
    return sorted({uid for text in texts if (uid := desk.number(text))})


@require_POST
@account_required
@access.within_rights
def act(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """POST do=<verb>[.<uid>], uid=...; the verb is one of actions.VERBS or move-<folder id>.

    show, loaded and open say what is on screen.
    """
    mailbox = access.mailbox_or_404(request, mailbox_id)
    verb, _, only = request.POST.get("do", "").partition(".")
    uids = _uids(request, only)
    where = rows.Where(mailbox, rows.filter_of(request.POST), desk.number(request.POST.get("open", "")))
    if verb not in actions.VERBS and not verb.startswith("move-"):
        return HttpResponseBadRequest()
    if not uids:
        toasts.say(request, gettext("Choose messages first"))
        return _answer(request, where, actions.Outcome(), uids)
    if verb in actions.NEEDS_CONFIRMATION and request.POST.get("sure") != "1":
        return _ask(request, where, verb, uids)
    try:
        outcome = _do(request, where, verb, uids)
    except OverQuota:
        outcome = actions.Outcome(gettext("Your mailbox is full. Nothing was moved."))
    except LimitReached:
        outcome = actions.Outcome(gettext("The notes on these messages have no room there. Nothing was moved."))
    if outcome.text:
        toasts.say(request, outcome.text, outcome.undo)
    return _answer(request, where, outcome, uids)


def _do(request: HttpRequest, where: rows.Where, verb: str, uids: list[int]) -> actions.Outcome:
    if verb in actions.VERBS:
        return actions.VERBS[verb](where.mailbox, uids)
    target = access.visible_or_404(request, desk.number(verb.removeprefix("move-")))  # it need not be readable
    if not target.selectable:
        raise Http404
    return actions.move(where.mailbox, uids, target)


def _ask(request: HttpRequest, where: rows.Where, verb: str, uids: list[int]) -> HttpResponse:
    """Nothing brings these back: a question first, as a dialog or as a page."""
    count = len(uids)
    context = {
        "title": ngettext("Delete this message for ever?", "Delete %(count)d messages for ever?", count)
        % {"count": count},
        "text": gettext("Nothing can bring them back."),
        "verb": gettext("Delete for ever"),
        "action": request.path,
        "fields": [("do", verb), ("sure", "1"), ("show", where.show), ("open", where.open_uid)]
        + [("uid", uid) for uid in uids],
        "back": where.here_url,
        "updates": True,
    }
    if partial.wanted(request):
        response = render(request, "webmail/parts/ask.html", context)
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#dialogs", "innerHTML"
        return response
    return render(request, "webmail/ask.html", context)


def _answer(request: HttpRequest, where: rows.Where, outcome: actions.Outcome, uids: list[int]) -> HttpResponse:
    closes = outcome.gone and where.open_uid in uids
    where = rows.Where(access.mailbox_or_404(request, where.mailbox.id), where.show, 0 if closes else where.open_uid)
    if partial.wanted(request):
        return desk.update(request, where, reader="idle" if closes else "")
    return partial.go_to(request, where.here_url)


@require_POST
@account_required
@access.within_rights
def undo(request: HttpRequest) -> HttpResponse:
    """Moves the messages of a toast back."""
    account = access.account_of(request)
    what = toasts.read_undo(request.POST.get("token", ""), account.id)
    if what is None:
        toasts.say(request, gettext("This cannot be undone any more"))
        return partial.go_to(request, "/webmail/")
    toasts.say(request, _undo(what))
    if not partial.wanted(request):
        return partial.go_to(request, rows.Where(access.mailbox_or_404(request, what.back_to)).list_url)
    here = desk.number(request.POST.get("here", "")) or what.back_to
    where = rows.Where(
        access.mailbox_or_404(request, here), rows.filter_of(request.POST), desk.number(request.POST.get("open", ""))
    )
    return desk.update(request, where)


def _undo(what: toasts.Undo) -> str:
    """The sentence to say."""
    try:
        count = actions.undo(what)
    except NoSuchMailbox:
        count = 0
    except OverQuota:
        return gettext("Your mailbox is full. Nothing was moved.")
    except LimitReached:
        return gettext("The notes on these messages have no room there. Nothing was moved.")
    told = ngettext("Moved back", "%(count)d messages moved back", count) % {"count": count}
    return told if count else gettext("These messages are not here any more.")


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
@access.within_rights
def empty(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Empties Trash or Junk for ever, behind a question."""
    mailbox = access.mailbox_or_404(request, mailbox_id)
    where = rows.Where(mailbox)
    if mailbox.special_use not in ("\\Trash", "\\Junk"):
        return HttpResponseBadRequest()
    if request.method == "POST":
        toasts.say(request, actions.empty(mailbox).text)
        return partial.go_to(request, where.list_url)
    count = mailbox.messages
    context = {
        "title": ngettext("Delete the message in this folder?", "Delete all %(count)d messages in this folder?", count)
        % {"count": count},
        "text": gettext("Nothing can bring them back."),
        "verb": gettext("Delete for ever"),
        "action": request.path,
        "fields": [],
        "back": where.list_url,
        "updates": False,
    }
    return render(request, "webmail/parts/ask.html" if partial.wanted(request) else "webmail/ask.html", context)
