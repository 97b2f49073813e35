"""Domains: the list with its form, one domain, deleting."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from adminconsole.forms.domains import DomainForm, NewDomainForm
from adminconsole.getters import domain_or_404
from adminconsole.pages.people import account_suggestions
from adminconsole.shell import done, note, page, posted
from directory import domains as directory_domains
from directory.domains import DomainInfo
from directory.errors import DirectoryError
from security.web import admin_required


@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def domains(request: HttpRequest) -> HttpResponse:
    """The domains, and the form that adds one."""
    form = NewDomainForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            domain = directory_domains.create_domain(form.cleaned_data["name"])
        except DirectoryError as error:
            form.refuse(error, "name")
        else:
            note(request, "domain.create", domain.name)
            return done(
                request, _("%(domain)s is one of your domains now") % {"domain": domain.display_name}, "domains"
            )
    return _list(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def edit(request: HttpRequest, name: str) -> HttpResponse:
    """One domain: catch-all and primary."""
    domain = domain_or_404(name)
    initial = {"catch_all": domain.catch_all, "is_primary": domain.is_primary}
    form = DomainForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            _apply(request, domain, form)
        except DirectoryError as error:
            form.refuse(error, "catch_all")
        else:
            return done(request, _("%(domain)s saved") % {"domain": domain.display_name}, "domains")
    context = {"domain": domain, "form": form, "suggestions": account_suggestions()}
    return page(request, "domain.html", context, here="domains", invalid=form.is_bound)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def delete(request: HttpRequest, name: str) -> HttpResponse:
    """Ask, then delete; refused while accounts use the domain."""
    domain = domain_or_404(name)
    refusal = ""
    if request.method == "POST":
        try:
            directory_domains.delete_domain(domain.name)
        except DirectoryError as error:
            refusal = error.message
        else:
            note(request, "domain.delete", domain.name)
            return done(request, _("%(domain)s deleted") % {"domain": domain.display_name}, "domains")
    context = {"domain": domain, "refusal": refusal}
    return page(request, "domain_delete.html", context, here="domains", invalid=bool(refusal))


def _list(request: HttpRequest, form: NewDomainForm) -> HttpResponse:
    context = {"domains": directory_domains.list_domains(), "form": form}
    return page(request, "domains.html", context, here="domains", invalid=form.is_bound)


def _apply(request: HttpRequest, domain: DomainInfo, form: DomainForm) -> None:
    catch_all, is_primary = form.cleaned_data["catch_all"], form.cleaned_data["is_primary"]
    if catch_all != domain.catch_all:
        directory_domains.set_catch_all(domain.name, catch_all)
        note(request, "domain.catch_all", f"{domain.name}: {catch_all or '-'}")
    if is_primary and not domain.is_primary:
        directory_domains.set_primary(domain.name)
        note(request, "domain.primary", domain.name)
