"""Signing in to the console, administrators only, and signing out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from adminconsole.forms.signin import SignInForm
from adminconsole.shell import INVALID_FORM, posted
from directory import site
from directory.accounts import AccountInfo
from protocols.sasl import PasswordProof
from security import web
from security.authentication import authenticate
from security.errors import AuthenticationFailed, EncryptionRequired, Throttled


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; an account without rights is told so, and stays outside."""
    if not site.is_set_up():
        return redirect("adminconsole:setup")
    target = web.safe_next(request, "/admin/")
    present = web.account_of(request)
    if request.method != "POST" and present is not None and present.is_admin:
        return redirect(target)
    form = SignInForm(posted(request))
    if request.method == "POST" and form.is_valid():
        account = _authenticated(request, form)
        if account is not None:
            web.log_in(request, account)
            request.session.set_expiry(0)  # the console is left when the browser is closed
            return redirect(target)
    context = {
        "form": form,
        "hostname": site.hostname(),
        "next": target,
        "is_user": present is not None and not present.is_admin,
    }
    return render(request, "adminconsole/login.html", context, status=INVALID_FORM if form.errors else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session of this browser."""
    web.log_out(request)
    return redirect("adminconsole:login")


def _authenticated(request: HttpRequest, form: SignInForm) -> AccountInfo | None:
    proof = PasswordProof(form.cleaned_data["address"].strip(), "", form.cleaned_data["password"])
    try:
        account = authenticate(proof, web.door(request))
    except Throttled as error:
        minutes = max(1, -(-int(error.retry_after) // 60))
        sentence = ngettext(
            "Too many attempts. Try again in %(count)d minute.",
            "Too many attempts. Try again in %(count)d minutes.",
            minutes,
        )
        form.add_error(None, sentence % {"count": minutes})
    except EncryptionRequired:
        form.add_error(None, _("This server wants an encrypted connection. Open this page with https://."))
    except AuthenticationFailed as error:
        web.answer_after(request, error.delay)
        form.add_error(
            "password", _("This address and this password do not go together. Check Caps Lock, then try again.")
        )
    else:
        if account.is_admin:
            return account
        form.add_error(None, _("This account may not open the console. Sign in as an administrator."))
    return None
