"""The audit log."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from adminconsole.pager import PAGE, asked, page_number, pager_for
from adminconsole.pages.audit import audit_rows
from adminconsole.shell import page
from security import audit
from security.web import admin_required


@require_safe
@admin_required
def audit_log(request: HttpRequest) -> HttpResponse:
    """Who changed what, the newest first; ?actor= narrows it to one address."""
    actor, number = asked(request, "actor"), page_number(request)
    context = {
        "actor": actor,
        "rows": audit_rows(audit.list_records((number - 1) * PAGE, PAGE, actor=actor)),
        "pager": pager_for(number, audit.count_records(actor=actor), {"actor": actor}),
    }
    return page(request, "audit.html", context, here="audit")
