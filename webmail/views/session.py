"""Signing in and out, and the language of the sign-in page."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directory import site
from directory.accounts import AccountInfo
from protocols.sasl.proofs import PasswordProof
from security import authentication, web
from security.errors import AuthenticationFailed, EncryptionRequired, MechanismRefused, Throttled
from webmail.forms.login import LoginForm

HOME = "/webmail/"
STAY_SECONDS = 30 * 24 * 3600  # "Stay signed in"; otherwise the session ends with the browser


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """The sign-in page; a wrong password comes back as 422 with one sentence for every cause."""
    form = LoginForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        account = _authenticated(request, form)
        if account is not None:
            web.log_in(request, account)
            request.session.set_expiry(STAY_SECONDS if form.cleaned_data["stay"] else 0)
            return redirect(web.safe_next(request, HOME))
    elif request.method != "POST" and web.account_of(request) is not None:
        return redirect(web.safe_next(request, HOME))
    context = {"form": form, "hostname": site.hostname(), "next": request.GET.get("next", "")}
    return render(request, "webmail/login.html", context, status=422 if form.errors else 200)


def _authenticated(request: HttpRequest, form: LoginForm) -> AccountInfo | None:
    proof = PasswordProof(form.cleaned_data["address"].strip(), "", form.cleaned_data["password"])
    try:
        return authentication.authenticate(proof, web.door(request))
    except Throttled as error:
        minutes = max(1, -(-error.retry_after // 60))
        form.add_error(
            None,
            ngettext(
                "Too many attempts from here. Try again in %(count)d minute.",
                "Too many attempts from here. Try again in %(count)d minutes.",
                minutes,
            )
            % {"count": minutes},
        )
    except (EncryptionRequired, MechanismRefused):
        form.add_error(None, gettext("This server wants an encrypted connection. Open this page with https://."))
    except AuthenticationFailed as error:
        web.answer_after(request, error.delay)
        form.add_error(
            "password",
            gettext("This address and this password do not go together. Check the Caps Lock key, then try again."),
        )
    return None


@never_cache
@require_safe
def present(request: HttpRequest) -> JsonResponse:
    """Who is signed in, and the token for a form that is older than this session; 401 for nobody."""
    account = web.account_of(request)
    if account is None:
        return JsonResponse({}, status=401)
    return JsonResponse({"address": account.address, "token": get_token(request)})


def refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form of a page that outlived its session (also CSRF_FAILURE_VIEW): 403, and no written word is lost."""
    view = request.resolver_match.view_name if request.resolver_match else ""
    written = request.POST.get("text", "") if view == "webmail:submit" else ""
    return render(request, "403_csrf.html", {"written": written}, status=403)


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Ends the session of this browser."""
    web.log_out(request)
    return redirect("webmail:login")
