"""Accounts: the list, and a new one."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from adminconsole.forms.accounts import NewAccountForm
from adminconsole.pager import PAGE, asked, page_number, pager_for
from adminconsole.pages.people import account_rows
from adminconsole.shell import done, note, page, posted
from adminconsole.writing import create_account
from directory import accounts as directory_accounts
from directory.domains import list_domains
from directory.errors import BadName, DirectoryError, NameTaken
from security.errors import PasswordRefused
from security.web import admin_required


@require_safe
@admin_required
def accounts(request: HttpRequest) -> HttpResponse:
    """A page of accounts, searched by name, address or alias."""
    query, domain, number = asked(request, "q"), asked(request, "domain"), page_number(request)
    total = directory_accounts.count_accounts(query, domain=domain)
    found = directory_accounts.list_accounts(query, (number - 1) * PAGE, PAGE, domain=domain)
    context = {
        "query": query,
        "domain": domain,
        "domains": list_domains(),
        "rows": account_rows(found),
        "pager": pager_for(number, total, {"q": query, "domain": domain}),
    }
    return page(request, "accounts.html", context, here="accounts")


@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def create(request: HttpRequest) -> HttpResponse:
    """A new account with its mailboxes."""
    domains = [domain.name for domain in list_domains()]
    form = NewAccountForm(posted(request), domains=domains)
    if request.method == "POST" and form.is_valid():
        try:
            account = create_account(form)
        except (NameTaken, BadName) as error:
            form.refuse(error, "localpart")
        except PasswordRefused as error:
            form.refuse(error, "password")
        except DirectoryError as error:
            form.refuse(error)
        else:
            note(request, "account.create", account.address)
            return done(request, _("%(address)s can sign in now") % {"address": account.address}, "accounts")
    context = {"form": form, "domains": domains}
    return page(request, "account_new.html", context, here="accounts", invalid=form.is_bound)
