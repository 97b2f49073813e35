"""Exceptions from the level: IP groups with one of their own."""

from ipaddress import ip_network

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from adminconsole.forms.security import NAMES, IpGroupForm
from adminconsole.shell import done, note, page, posted
from protocols.runtime.services import get_service
from security import policy_changes
from security.errors import PolicyRefused
from security.policy import IpGroupInfo, build, current
from security.web import admin_required, door

NO_HTTPS = gettext_lazy(
    "HTTPS is not running, so nobody could open this console any more. Start it under Services first."
)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def create(request: HttpRequest) -> HttpResponse:
    """A new IP group."""
    form = IpGroupForm(posted(request), initial={"level": current().level})
    if request.method == "POST" and form.is_valid() and _keeps_this_door(request, form):
        values = form.cleaned_data
        try:
            group = policy_changes.create_ip_group(values["name"], values["networks"], values["level"])
        except PolicyRefused as error:
            form.refuse(error, _field_of(form, error))
        else:
            note(request, "policy.exception.create", _line(group))
            return done(request, _("%(name)s is an exception now") % {"name": group.name}, "security")
    return page(request, "exception.html", {"form": form}, here="security", invalid=form.is_bound)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def edit(request: HttpRequest, group_id: int) -> HttpResponse:
    """Name, addresses and level of an IP group."""
    group = _group_or_404(group_id)
    initial = {"name": group.name, "networks": "\n".join(group.networks), "level": group.level}
    form = IpGroupForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid() and _keeps_this_door(request, form, group):
        values = form.cleaned_data
        try:
            changed = policy_changes.update_ip_group(group.id, values["name"], values["networks"], values["level"])
        except PolicyRefused as error:
            form.refuse(error, _field_of(form, error))
        else:
            note(request, "policy.exception.update", _line(changed))
            return done(request, _("%(name)s saved") % {"name": changed.name}, "security")
    return page(request, "exception.html", {"form": form, "group": group}, here="security", invalid=form.is_bound)


@require_POST
@admin_required
def delete(request: HttpRequest, group_id: int) -> HttpResponse:
    """Its networks fall under the general level again."""
    group = _group_or_404(group_id)
    if _shuts_this_door(request, _others(group)):
        return done(request, NO_HTTPS, "security")
    policy_changes.delete_ip_group(group.id)
    note(request, "policy.exception.delete", _line(group))
    return done(request, _("%(name)s is no exception any more") % {"name": group.name}, "security")


def _keeps_this_door(request: HttpRequest, form: IpGroupForm, old: IpGroupInfo | None = None) -> bool:
    """What is no network is told by the verb."""
    values = form.cleaned_data
    try:
        networks = tuple(str(ip_network(text, strict=False)) for text in values["networks"])
    except ValueError:
        return True
    if _shuts_this_door(request, (*_others(old), IpGroupInfo(0, "", networks, values["level"]))):
        form.add_error("level", NO_HTTPS)
        return False
    return True


def _shuts_this_door(request: HttpRequest, groups: tuple[IpGroupInfo, ...]) -> bool:
    """Whether the administrator could not come back with these exceptions: over plain HTTP, and there is no other."""
    after = build(current().level, "", groups, 0)
    return not after.allows_plaintext(door(request)) and get_service("https").state != "running"


def _others(group: IpGroupInfo | None) -> tuple[IpGroupInfo, ...]:
    return tuple(each for each in current().groups if group is None or each.id != group.id)


def _group_or_404(group_id: int) -> IpGroupInfo:
    try:
        return policy_changes.get_ip_group(group_id)
    except PolicyRefused as error:
        raise Http404(error.message) from error


def _field_of(form: IpGroupForm, error: PolicyRefused) -> str:
    """The networks are what can be wrong, unless the name is taken."""
    taken = form.cleaned_data["name"].casefold() in {group.name.casefold() for group in current().groups}
    return "networks" if any(text in error.message for text in form.cleaned_data["networks"]) or not taken else "name"


def _line(group: IpGroupInfo) -> str:
    return f"{group.name}: {', '.join(group.networks)} ({NAMES[group.level]})"
