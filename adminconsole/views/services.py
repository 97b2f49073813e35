"""Services: the table with its live part, one service, start, stop, restart."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from adminconsole.forms.services import ServiceForm
from adminconsole.pages.services import row_of, service_rows
from adminconsole.shell import done, note, page, posted
from protocols.runtime import services as runtime
from protocols.runtime.services import ServiceError, ServiceView
from security.web import admin_required


@require_safe
@admin_required
def services(request: HttpRequest) -> HttpResponse:
    """Every service with the real state of its listener."""
    return page(request, "services.html", {"rows": service_rows(request)}, here="services")


@require_safe
@never_cache
@admin_required
def table(request: HttpRequest) -> HttpResponse:
    """The same table alone, asked for again every second by the page."""
    return render(request, "adminconsole/parts/services_table.html", {"rows": service_rows(request)})


@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def edit(request: HttpRequest, name: str) -> HttpResponse:
    """Port, addresses, startup type and limits of one service."""
    service = _service_or_404(name)
    form = ServiceForm(posted(request), initial=_initial(service))
    if request.method == "POST" and form.is_valid() and _keeps_this_page(request, service, form):
        try:
            changed = runtime.configure(service.name, **form.cleaned_data)
        except ServiceError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            note(request, "service.configure", f"{service.name}: {', '.join(form.changed_data) or '-'}")
            return done(request, _outcome(changed), "services")
    context = {"row": row_of(service, request), "form": form}
    return page(request, "service.html", context, here="services", invalid=form.is_bound)


@require_POST
@admin_required
def start(request: HttpRequest, name: str) -> HttpResponse:
    return _act(request, name, "service.start", runtime.start)


@require_POST
@admin_required
def restart(request: HttpRequest, name: str) -> HttpResponse:
    return _act(request, name, "service.restart", runtime.restart)


@require_POST
@admin_required
def stop(request: HttpRequest, name: str) -> HttpResponse:
    """Stop a service, but not the one that carries this very page."""
    service = _service_or_404(name)
    if row_of(service, request).carries_this_page:
        return done(request, _own_door(service), "services")
    return _act(request, name, "service.stop", runtime.stop)


@require_POST
@admin_required
def restart_all(request: HttpRequest) -> HttpResponse:
    """Restart every service that shall run; the table shows how it goes."""
    runtime.restart_all()
    note(request, "service.restart", "all")
    return done(request, _("All services are being restarted"), "services")


def _act(request: HttpRequest, name: str, action: str, verb: Callable[[str], ServiceView]) -> HttpResponse:
    service = _service_or_404(name)
    try:
        changed = verb(service.name)
    except ServiceError as error:
        return done(request, error.message, "services")
    note(request, action, service.name)
    return done(request, _outcome(changed), "services")


def _outcome(service: ServiceView) -> str:
    """One sentence with the state that the listener really has now."""
    sentences = {
        "running": _("%(service)s is running"),
        "stopped": _("%(service)s is stopped"),
        "failed": _("%(service)s cannot start"),
    }
    return sentences.get(service.state, _("%(service)s is starting")) % {"service": service.title}


def _service_or_404(name: str) -> ServiceView:
    try:
        return runtime.get_service(name)
    except ServiceError as error:
        raise Http404(error.message) from error


def _initial(service: ServiceView) -> dict[str, object]:
    return {
        "port": service.port,
        "startup": service.startup,
        "addresses": "\n".join(service.addresses),
        "max_connections": service.max_connections,
        "max_connections_per_address": service.max_connections_per_address,
    }


def _keeps_this_page(request: HttpRequest, service: ServiceView, form: ServiceForm) -> bool:
    if form.cleaned_data["startup"] == "disabled" and row_of(service, request).carries_this_page:
        form.add_error("startup", _own_door(service))
        return False
    return True


def _own_door(service: ServiceView) -> str:
    other = "HTTP" if service.name == "https" else "HTTPS"
    return _("This page comes over %(service)s. Open the console over %(other)s to stop it.") % {
        "service": service.title,
        "other": other,
    }
