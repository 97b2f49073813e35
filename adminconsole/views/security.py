"""The security policy: the level, and a switch per method."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from adminconsole.forms.security import NAMES, LevelForm
from adminconsole.pages.security import exception_rows, level_choices, method_rows
from adminconsole.shell import done, note, page, posted
from protocols.runtime.services import get_service
from security import policy_changes
from security.errors import PolicyRefused
from security.policy import METHODS, SECURE_AUTHENTICATION, current
from security.web import admin_required


@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def security(request: HttpRequest) -> HttpResponse:
    """The level in force, and putting another one in force."""
    form = LevelForm(posted(request))
    https = get_service("https")
    warns = False
    if request.method == "POST" and form.is_valid():
        level = form.cleaned_data["level"]
        if _shuts_this_door(request, level) and https.state != "running":
            form.add_error(
                None,
                _("HTTPS is not running, so nobody could open this console any more. Start it under Services first."),
            )
        elif _shuts_this_door(request, level) and not form.cleaned_data["confirmed"]:
            warns = True
        else:
            policy_changes.set_level(level)
            note(request, "policy.level", str(NAMES[level]))
            return done(request, _("In force now: %(level)s") % {"level": NAMES[level]}, "security")
    chosen = form.cleaned_data.get("level") if form.is_bound and form.is_valid() else None
    context = {
        "form": form,
        "levels": level_choices(chosen),
        "methods": method_rows(),
        "exceptions": exception_rows(),
        "https": https,
        "warns": warns,
        "is_plain": not request.is_secure(),
    }
    return page(request, "security.html", context, here="security", invalid=form.is_bound and not warns)


@require_POST
@admin_required
def method(request: HttpRequest, method: str) -> HttpResponse:
    """Switch one method on or off, at once."""
    if method not in METHODS:
        raise Http404(method)
    on = request.POST.get("on") == "on"
    try:
        policy_changes.switch(method, on=on)
    except PolicyRefused as error:
        return done(request, error.message, "security")
    note(request, "policy.method", f"{method} {'on' if on else 'off'}")
    sentence = _("%(method)s is allowed now") if on else _("%(method)s is not allowed any more")
    return done(request, sentence % {"method": method}, "security")


def _shuts_this_door(request: HttpRequest, level: int) -> bool:
    """Whether this level would refuse a sign-in from where the administrator sits, over plain HTTP."""
    policy = current()
    # An IP group's level binds its networks whatever the general one is.
    is_exception = policy.level_for(request.META.get("REMOTE_ADDR", "")) != policy.level
    return level >= SECURE_AUTHENTICATION and not request.is_secure() and not is_exception
