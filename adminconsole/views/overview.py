"""The overview."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from adminconsole.pages.overview import overview_of
from adminconsole.shell import page
from security.web import admin_required


@require_safe
@admin_required
def overview(request: HttpRequest) -> HttpResponse:
    """The state of the server in one sentence, and what stands behind it."""
    return page(request, "overview.html", {"overview": overview_of(request)}, here="overview")
