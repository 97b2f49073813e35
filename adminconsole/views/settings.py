"""Settings of the whole server."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from adminconsole.forms.setup import SettingsForm
from adminconsole.pages.settings import facts
from adminconsole.shell import done, note, page, posted
from directory import site
from directory.errors import DirectoryError
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
    return page(request, "settings.html", {"form": form, "facts": facts()}, here="settings", invalid=form.is_bound)
