"""Settings of the whole server: its name, and what it asks of POP3 clients."""

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from adminconsole.forms.pop3 import Pop3Form
from adminconsole.forms.setup import SettingsForm
from adminconsole.pages.settings import facts
from adminconsole.shell import done, note, page, posted
from directory import site
from directory.errors import DirectoryError
from protocols.runtime import pop3_rules as rules
from security import certificates
from security.web import admin_required


@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def settings(request: HttpRequest) -> HttpResponse:
    """The host name; and where the rest is set."""
    before = site.hostname()
    form = SettingsForm(posted(request), initial={"hostname": before})
    if request.method == "POST" and form.is_valid():
        try:
            name = site.set_hostname(form.cleaned_data["hostname"])
        except DirectoryError as error:
            form.refuse(error, "hostname")
        else:
            # The local authority's certificate follows the name; an imported one stays.
            certificates.ensure_certificate(name)
            note(request, "site.hostname", f"{before} -> {name}")
            return done(request, _("The server is called %(name)s now") % {"name": name}, "settings")
    return _page(request, form, Pop3Form(initial=asdict(rules.current())))


@require_POST
@admin_required
def pop3(request: HttpRequest) -> HttpResponse:
    """How often POP3 clients may come, and how long downloaded mail stays."""
    form = Pop3Form(request.POST, initial=asdict(rules.current()))
    if not form.is_valid():
        return _page(request, SettingsForm(initial={"hostname": site.hostname()}), form)
    changed = rules.set_rules(form.cleaned_data["login_delay"], form.cleaned_data["expire_days"])
    note(request, "pop3.rules", f"LOGIN-DELAY {changed.login_delay}, EXPIRE {changed.expire}")
    return done(request, _("POP3’s rules are saved"), "settings")


def _page(request: HttpRequest, form: SettingsForm, pop3_form: Pop3Form) -> HttpResponse:
    context = {"form": form, "pop3": pop3_form, "facts": facts()}
    invalid = form.is_bound or pop3_form.is_bound
    return page(request, "settings.html", context, here="settings", invalid=invalid)
