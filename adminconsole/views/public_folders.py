"""Public folders: the list with its form, one folder with its rights, deleting."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from adminconsole.forms.public_folders import NO_ONE, FolderNameForm, NewFolderForm
from adminconsole.getters import domain_or_404
from adminconsole.pages.public_folders import folder_rows
from adminconsole.shell import done, note, page, posted
from directory.domains import list_domains
from mailstore import acl, public_folders
from mailstore.errors import BadMailboxName, HasChildren, LimitReached, MailboxExists, NoSuchMailbox, StoreError
from mailstore.mailboxes import MailboxInfo
from security.web import admin_required
from webmail import sharing
from webmail.forms.sharing import LEVELS, RightsForm, ShareForm

REFUSALS = (BadMailboxName, MailboxExists, LimitReached)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def folders(request: HttpRequest) -> HttpResponse:
    """The public folders, and the form that makes one."""
    domains = [domain.name for domain in list_domains()]
    form = NewFolderForm(posted(request), domains=domains)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            made = public_folders.create_folder(values["domain"], values["name"])
        except REFUSALS as error:
            form.add_error("name", _refusal(error))
        else:
            if values["everyone"] != NO_ONE:
                acl.set_rights(
                    made.acting_id, made.id, acl.find_identifier(acl.ANYONE), "replace", LEVELS[values["everyone"]]
                )
            note(request, "folder.create", f"{made.name}, {values['domain']}")
            return done(
                request, _("%(folder)s is there now") % {"folder": made.name}, "folder", values["domain"], made.id
            )
    context = {"form": form, "rows": folder_rows(), "domains": domains}
    return page(request, "folders.html", context, here="folders", invalid=form.is_bound)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def folder(request: HttpRequest, name: str, mailbox_id: int) -> HttpResponse:
    """One folder. POST do=rename, share, set or stop."""
    found = _folder_or_404(name, mailbox_id)
    verbs = {"rename": _rename, "share": _share, "set": _set, "stop": _stop}
    if request.method != "POST":
        return _page(request, name, found)
    verb = verbs.get(request.POST.get("do", ""))
    if verb is None:
        return HttpResponseBadRequest()
    return verb(request, name, found)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def delete(request: HttpRequest, name: str, mailbox_id: int) -> HttpResponse:
    """Ask, then delete it with its mail; refused while it holds other folders."""
    found = _folder_or_404(name, mailbox_id)
    refusal = _("It holds other folders. Delete them first.") if found.has_children else ""
    if request.method == "POST" and not refusal:
        try:
            public_folders.delete_folder(found)
        except HasChildren:
            refusal = _("It holds other folders. Delete them first.")
        else:
            note(request, "folder.delete", f"{found.name}, {name}")
            return done(request, _("%(folder)s deleted") % {"folder": found.name}, "folders")
    context = {"folder": found, "domain": name, "refusal": refusal}
    return page(
        request, "folder_delete.html", context, here="folders", invalid=bool(refusal) and request.method == "POST"
    )


def _folder_or_404(name: str, mailbox_id: int) -> MailboxInfo:
    try:
        return public_folders.get_folder(domain_or_404(name).name, mailbox_id)
    except NoSuchMailbox as error:
        raise Http404 from error


def _rename(request: HttpRequest, name: str, found: MailboxInfo) -> HttpResponse:
    form = FolderNameForm(request.POST)
    if form.is_valid():
        wanted = form.cleaned_data["name"]
        try:
            renamed = public_folders.rename_folder(found, wanted) if wanted != found.name else found
        except REFUSALS as error:
            form.add_error("name", _refusal(error))
        else:
            return _done(request, name, renamed, _("%(folder)s saved") % {"folder": renamed.name})
    return _page(request, name, found, rename=form)


def _share(request: HttpRequest, name: str, found: MailboxInfo) -> HttpResponse:
    form = ShareForm(request.POST)
    if form.is_valid() and (told := sharing.share(found, form, sure=True)):
        return _done(request, name, found, told)
    return _page(request, name, found, share=form)


def _set(request: HttpRequest, name: str, found: MailboxInfo) -> HttpResponse:
    form, written = RightsForm(request.POST), request.POST.get("who", "")
    if form.is_valid():
        return _done(request, name, found, sharing.change(found, written, form, sure=True))
    return _page(request, name, found, bound=(written, form))


def _stop(request: HttpRequest, name: str, found: MailboxInfo) -> HttpResponse:
    return _done(request, name, found, sharing.stop(found, request.POST.get("who", "")))


def _done(request: HttpRequest, name: str, found: MailboxInfo, sentence: str) -> HttpResponse:
    note(request, "folder.update", f"{found.name}, {name}: {sentence}")
    return done(request, sentence, "folder", name, found.id)


def _refusal(error: StoreError) -> str:
    if isinstance(error, MailboxExists):
        return _("There is a folder of this name already.")
    if isinstance(error, LimitReached):
        return _("This domain has as many folders as it may have.")
    return _("A folder cannot have this name.")


def _page(
    request: HttpRequest,
    name: str,
    found: MailboxInfo,
    *,
    rename: FolderNameForm | None = None,
    share: ShareForm | None = None,
    bound: tuple[str, RightsForm] | None = None,
) -> HttpResponse:
    context = {
        "folder": found,
        "domain": name,
        "form": rename or FolderNameForm(initial={"name": found.name}),
        "share": share or ShareForm(),
        "entries": sharing.entries(found.acting_id, found, bound),
    }
    return page(request, "folder.html", context, here="folders", invalid=bool(rename or share or bound))
