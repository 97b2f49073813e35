"""The first-run page: open while there is nothing to administer, closed for ever afterwards."""

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from adminconsole.forms.setup import SetupForm
from adminconsole.shell import INVALID_FORM, done, note, posted
from directory import domains, site
from directory.accounts import AccountInfo, list_administrators
from directory.errors import BadName, DirectoryError
from mailstore import accounts as mail_accounts
from security import certificates, web
from security.errors import PasswordRefused


@sensitive_post_parameters("password", "again")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """Host name, domain and administrator."""
    if site.is_set_up() or list_administrators():
        raise Http404("set up")
    form = SetupForm(posted(request), initial={"hostname": site.hostname(), "localpart": "admin"})
    if request.method == "POST" and form.is_valid():
        account = _set_up(form)
        if account is not None:
            certificates.ensure_certificate(site.hostname())
            web.log_in(request, account)
            note(request, "site.setup", f"{site.hostname()}, {account.address}")
            return done(request, _("Your server is set up. Make the first accounts now"), "overview")
    return render(request, "adminconsole/setup.html", {"form": form}, status=INVALID_FORM if form.errors else 200)


def _set_up(form: SetupForm) -> AccountInfo | None:
    """All of it or nothing; two browsers that send the page at once cannot both win (the domain is unique)."""
    values = form.cleaned_data
    try:
        with transaction.atomic():
            site.set_hostname(values["hostname"])
            domain = domains.find_domain(values["domain"]) or domains.create_domain(values["domain"])
            if list_administrators():
                raise Http404("set up")
            address = f"{values['localpart']}@{domain.name}"
            account = mail_accounts.create_account(address, values["password"], is_admin=True)
            site.mark_set_up()
    except PasswordRefused as error:
        form.refuse(error, "password")
    except BadName as error:
        # Sentences about an address quote it whole.
        form.refuse(error, "localpart" if "@" in error.message else "domain")
    except DirectoryError as error:
        form.refuse(error, "localpart")
    else:
        return account
    return None
