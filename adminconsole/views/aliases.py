"""Aliases: the page that lists them with the groups, and one alias."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from adminconsole.forms.aliases import AliasForm, NewAliasForm
from adminconsole.getters import alias_or_404
from adminconsole.pager import PAGE, asked, page_number, pager_for
from adminconsole.pages.people import account_suggestions
from adminconsole.shell import done, note, page, posted
from directory import aliases as directory_aliases
from directory import groups as directory_groups
from directory.domains import list_domains
from directory.errors import DirectoryError, NotFound
from security.web import admin_required


@require_safe
@admin_required
def aliases(request: HttpRequest) -> HttpResponse:
    """A page of aliases, or of groups."""
    query, number = asked(request, "q"), page_number(request)
    kind = "groups" if request.GET.get("show") == "groups" else "aliases"
    counts = {"aliases": directory_aliases.count_aliases(query), "groups": directory_groups.count_groups(query)}
    offset = (number - 1) * PAGE
    context = {
        "query": query,
        "kind": kind,
        "counts": counts,
        "has_domain": bool(list_domains()),
        "aliases": directory_aliases.list_aliases(query, offset, PAGE) if kind == "aliases" else [],
        "groups": directory_groups.list_groups(query, offset, PAGE) if kind == "groups" else [],
        "pager": pager_for(number, counts[kind], {"q": query, "show": "groups" if kind == "groups" else ""}),
    }
    return page(request, "aliases.html", context, here="aliases")


@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def create(request: HttpRequest) -> HttpResponse:
    """A new alias."""
    domains = [domain.name for domain in list_domains()]
    form = NewAliasForm(posted(request), domains=domains)
    if request.method == "POST" and form.is_valid():
        try:
            alias = directory_aliases.create_alias(form.address, form.cleaned_data["account"])
        except NotFound as error:
            form.refuse(error, "account")
        except DirectoryError as error:
            form.refuse(error, "localpart")
        else:
            note(request, "alias.create", f"{alias.address} -> {alias.account_address}")
            sentence = _("%(alias)s delivers to %(account)s now")
            names = {"alias": alias.address, "account": alias.account_address}
            return done(request, sentence % names, "aliases")
    context = {"form": form, "domains": domains, "suggestions": account_suggestions()}
    return page(request, "alias_new.html", context, here="aliases", invalid=form.is_bound)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def edit(request: HttpRequest, alias_id: int) -> HttpResponse:
    """Lead an alias to another account."""
    alias = alias_or_404(alias_id)
    form = AliasForm(posted(request), initial={"account": alias.account_address})
    if request.method == "POST" and form.is_valid():
        try:
            changed = directory_aliases.update_alias(alias.id, form.cleaned_data["account"])
        except DirectoryError as error:
            form.refuse(error, "account")
        else:
            note(request, "alias.update", f"{changed.address} -> {changed.account_address}")
            return done(request, _("%(alias)s saved") % {"alias": alias.address}, "aliases")
    context = {"alias": alias, "form": form, "suggestions": account_suggestions()}
    return page(request, "alias.html", context, here="aliases", invalid=form.is_bound)


@require_POST
@admin_required
def delete(request: HttpRequest, alias_id: int) -> HttpResponse:
    """Delete an alias; the account and its mail stay, so nothing is asked."""
    alias = alias_or_404(alias_id)
    directory_aliases.delete_alias(alias.id)
    note(request, "alias.delete", f"{alias.address} -> {alias.account_address}")
    return done(request, _("%(alias)s deleted") % {"alias": alias.address}, "aliases")
