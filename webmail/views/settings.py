"""The user's settings: name and language, the look of this device, the password."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from directory import accounts
from directory.errors import DirectoryError
from protocols.sasl.proofs import PasswordProof
from security import authentication, passwords, web
from security.errors import LoginRefused, PasswordRefused, Throttled
from webmail import access, folders, look, partial, toasts
from webmail.forms.settings import AccountForm, LookForm, PasswordForm

URL = "/webmail/settings/"


def _context(request: HttpRequest) -> dict[str, Any]:
    account = access.account_of(request)
    return {"account": account, "sidebar": folders.sidebar(account.id), "look": look.from_request(request)}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@web.account_required
def settings(request: HttpRequest) -> HttpResponse:
    """One page, two forms; `form` says which one was sent."""
    account = access.account_of(request)
    form = AccountForm(initial={"display_name": account.display_name, "language": account.language})
    if request.method == "POST":
        if request.POST.get("form") == "look":
            return _look(request)
        form = AccountForm(request.POST)
        if form.is_valid() and _account(request, form):
            return partial.go_to(request, URL)
    context = _context(request) | {"form": form}
    return render(request, "webmail/settings.html", context, status=422 if form.errors else 200)


def _account(request: HttpRequest, form: AccountForm) -> bool:
    """Whether it was kept."""
    try:
        accounts.update_account(access.account_of(request).id, **form.cleaned_data)
    except DirectoryError as error:
        form.add_error("display_name", str(error.message))
        return False
    with translation.override(form.cleaned_data["language"] or translation.get_language()):
        toasts.say(request, gettext("Settings saved"))
    return True


def _look(request: HttpRequest) -> HttpResponse:
    form = LookForm(request.POST)
    response = partial.go_to(request, URL)
    if form.is_valid():
        chosen = look.Look(form.cleaned_data["theme"], form.cleaned_data["density"], form.cleaned_data["keys"])
        look.remember(response, chosen)
    return response


@sensitive_post_parameters("current", "new", "again")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@web.account_required
def password(request: HttpRequest) -> HttpResponse:
    """A new password. A page of its own: where the policy wants it, only HTTPS serves it (security.web)."""
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _is_changed(request, form):
        # The change ends every session of the account; this one goes on.
        web.renew(request, accounts.get_account(access.account_of(request).id))
        toasts.say(request, gettext("Password changed. Other devices have to sign in again."))
        return partial.go_to(request, URL)
    context = _context(request) | {"form": form}
    return render(request, "webmail/password.html", context, status=422 if form.errors else 200)


def _is_changed(request: HttpRequest, form: PasswordForm) -> bool:
    account = access.account_of(request)
    try:
        authentication.authenticate(PasswordProof(account.address, "", form.cleaned_data["current"]), web.door(request))
        passwords.set_password(account.id, form.cleaned_data["new"])
    except Throttled:
        form.add_error("current", gettext("Too many attempts. Wait a few minutes, then try again."))
    except LoginRefused:
        form.add_error("current", gettext("This is not your current password."))
    except PasswordRefused as error:
        form.add_error("new", error.message)
    return not form.errors
