"""Groups: making one, its members, deleting."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from adminconsole.forms.aliases import GroupForm, NewGroupForm
from adminconsole.getters import group_or_404
from adminconsole.pages.people import account_suggestions
from adminconsole.shell import done, note, page, posted
from directory import groups as directory_groups
from directory.domains import list_domains
from directory.errors import DirectoryError, NotFound
from security.web import admin_required


@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def create(request: HttpRequest) -> HttpResponse:
    """A new group."""
    domains = [domain.name for domain in list_domains()]
    form = NewGroupForm(posted(request), domains=domains)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            group = directory_groups.create_group(form.address, values["name"], values["members"])
        except NotFound as error:
            form.refuse(error, "members")
        except DirectoryError as error:
            is_member = any(f"“{member}”" in error.message for member in values["members"])
            form.refuse(error, "members" if is_member else "localpart")
        else:
            note(request, "group.create", f"{group.address}: {', '.join(group.members)}")
            return _to_groups(request, _("%(group)s takes mail now") % {"group": group.address})
    context = {"form": form, "domains": domains, "suggestions": account_suggestions()}
    return page(request, "group_new.html", context, here="aliases", invalid=form.is_bound)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def edit(request: HttpRequest, group_id: int) -> HttpResponse:
    """Name and members."""
    group = group_or_404(group_id)
    form = GroupForm(posted(request), initial={"name": group.name, "members": "\n".join(group.members)})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            changed = directory_groups.update_group(group.id, name=values["name"], members=values["members"])
        except DirectoryError as error:
            form.refuse(error, "members")
        else:
            note(request, "group.update", f"{changed.address}: {', '.join(changed.members)}")
            return _to_groups(request, _("%(group)s saved") % {"group": group.address})
    context = {"group": group, "form": form}
    return page(request, "group.html", context, here="aliases", invalid=form.is_bound)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def delete(request: HttpRequest, group_id: int) -> HttpResponse:
    """Ask, then delete: the list of members cannot be brought back."""
    group = group_or_404(group_id)
    if request.method == "POST":
        directory_groups.delete_group(group.id)
        note(request, "group.delete", f"{group.address}: {', '.join(group.members)}")
        return _to_groups(request, _("%(group)s deleted") % {"group": group.address})
    return page(request, "group_delete.html", {"group": group}, here="aliases")


def _to_groups(request: HttpRequest, sentence: str) -> HttpResponseRedirect:
    done(request, sentence, "aliases")
    return HttpResponseRedirect(reverse("adminconsole:aliases") + "?show=groups")
