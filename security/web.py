"""Sessions, and what the policy asks of the web.

Level 0 serves everything over both schemes. Level 1 takes passwords through HTTPS only, so the pages
that ask for one lead there. Level 2 leads every page there (PolicyInfo.requires_encryption).
Over TLS the cookies have other names, with the __Host- prefix (RFC 6265bis section 4.1.3.2): a page
served in the clear can neither read nor plant them, and going back to plain HTTP still works. A session stays with
the scheme it began under: a key that was overheard in the clear opens nothing over TLS.
"""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import quote

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseForbidden, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from directory.accounts import AccountInfo
from security import audit
from security.doors import WEB, Door
from security.policy import current
from security.staying import find_present

Response = Callable[[HttpRequest], HttpResponseBase]
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

ADMIN_LOGIN_URL = "/admin/login/"
# Where passwords are typed: the console everywhere, and these words in a path of the webmail.
PASSWORD_PREFIXES = ("/admin/",)
PASSWORD_WORDS = ("login", "password")
HTTPS_PORT = 443
# Sessions that ran out are deleted at one sign-in among so many: few enough rows each time, and none for ever.
SWEEP_ONE_IN = 50
PRIVATE = "private, no-store"  # a page with somebody's mail must not come back after the sign-out
ANSWER_AFTER = "X-Answer-After"  # seconds, for the ASGI front alone: it waits without holding a thread
_ACCOUNT = "account_id"
_VERSION = "credentials_version"
_ENCRYPTED = "encrypted"
_SECURE_PREFIX = "__Host-"
_COOKIES = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, CookieStorage.cookie_name)


def door(request: HttpRequest) -> Door:
    """The request as the policy and the throttle see it."""
    remote, local = request.META.get("REMOTE_ADDR", ""), request.META.get("SERVER_NAME", "")
    return Door(WEB, remote, local, encrypted=request.is_secure())


def log_in(request: HttpRequest, account: AccountInfo) -> None:
    """Start the account's session under a new key (against fixation)."""
    request.session.flush()
    request.session[_ACCOUNT] = account.id
    request.session[_VERSION] = account.credentials_version
    request.session[_ENCRYPTED] = request.is_secure()
    if secrets.randbelow(SWEEP_ONE_IN) == 0:
        request.session.clear_expired()
    rotate_token(request)
    request.account = account  # type: ignore[attr-defined]
    audit.record("sign in", account.address, request.META.get("REMOTE_ADDR", ""))


def log_out(request: HttpRequest) -> None:
    """End the session."""
    account = account_of(request)
    request.session.flush()
    request.account = None  # type: ignore[attr-defined]
    if account is not None:
        audit.record("sign out", account.address, request.META.get("REMOTE_ADDR", ""))


def renew(request: HttpRequest, account: AccountInfo) -> None:
    """Keep this one session after the account has changed its own password; all its others have ended."""
    request.session[_VERSION] = account.credentials_version
    request.session.cycle_key()
    request.account = account  # type: ignore[attr-defined]


def answer_after(request: HttpRequest, seconds: float) -> None:
    """Let the answer to a wrong password wait as long as AuthenticationFailed.delay says."""
    request.answer_after = seconds  # type: ignore[attr-defined]


def account_of(request: HttpRequest) -> AccountInfo | None:
    """Who is logged in, or None."""
    account: AccountInfo | None = getattr(request, "account", None)
    return account


def find_session_account(session: SessionBase, at: Door) -> AccountInfo | None:
    """Who the session belongs to, when it may be used at this door and nothing has ended it."""
    if session.get(_ENCRYPTED) != at.encrypted or current().requires_encryption(at):
        return None
    return find_present(session[_ACCOUNT], session[_VERSION])


class AccountMiddleware:
    """Sets request.account: AccountInfo | None. A session ends with a change of password, rights or state.

    What the signed-in see is not kept by the browser, unless the view says otherwise.
    """

    def __init__(self, get_response: Response) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        account = find_session_account(request.session, door(request))
        request.account = account  # type: ignore[attr-defined]
        response = self._get_response(request)
        if account is not None:
            response.headers.setdefault("Cache-Control", PRIVATE)
        if delay := getattr(request, "answer_after", 0.0):
            response.headers[ANSWER_AFTER] = f"{delay:.3f}"
        return response


class EncryptedConnectionMiddleware:
    """Leads to HTTPS what the policy wants there, and keeps the cookies of both schemes apart."""

    def __init__(self, get_response: Response) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.is_secure():
            return self._get_response(request) if _may_be_clear(request) else _to_https(request)
        for name in _COOKIES:
            request.COOKIES.pop(name, None)
            if _SECURE_PREFIX + name in request.COOKIES:
                request.COOKIES[name] = request.COOKIES[_SECURE_PREFIX + name]
        response = self._get_response(request)
        for name in _COOKIES:
            if name in response.cookies:
                _secure(response, name)
        return response


def account_required(view: View[P]) -> View[P]:
    """Only for who is logged in; others come to the login page and then back here."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if account_of(request) is None:
            return _to_login(request, settings.LOGIN_URL)
        return view(request, *args, **kwargs)

    return guarded


def admin_required(view: View[P]) -> View[P]:
    """Only for administrators; another account gets 403."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        account = account_of(request)
        if account is None:
            return _to_login(request, ADMIN_LOGIN_URL)
        if not account.is_admin:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def safe_next(request: HttpRequest, default: str) -> str:
    """Where to go after the login: ?next= (or the form's field) when it is a page of this site."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    own = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if own else default


def https_port() -> int | None:
    """The port that browsers find HTTPS at; None: it is not served. See follow_https_port()."""
    return _https_port()


def https_origin(request: HttpRequest) -> str | None:
    """Where this host is found over HTTPS, such as "https://mail.example:10443"; None: it is not."""
    port = https_port()
    if port is None:
        return None
    host = _host_without_port(request.get_host())
    return f"https://{host}" if port == HTTPS_PORT else f"https://{host}:{port}"


def follow_https_port(source: Callable[[], int | None]) -> None:
    """Let the services say where HTTPS listens (they are above this app)."""
    global _https_port
    _https_port = source


def _default_https_port() -> int | None:
    return HTTPS_PORT + int(settings.PORT_OFFSET)


_https_port: Callable[[], int | None] = _default_https_port


def _may_be_clear(request: HttpRequest) -> bool:
    policy, here = current(), door(request)
    if policy.requires_encryption(here):
        return False
    return policy.allows_plaintext(here) or not _asks_password(request.path)


def _asks_password(path: str) -> bool:
    return path.startswith(PASSWORD_PREFIXES) or any(word in path.split("/") for word in PASSWORD_WORDS)


def _to_https(request: HttpRequest) -> HttpResponse:
    """Temporary, because the policy may be taken back. What was posted in the clear is not sent again."""
    origin = https_origin(request)
    if origin is None:
        return HttpResponseForbidden(_("This server asks for HTTPS, but does not serve it now."))
    response = HttpResponseRedirect(f"{origin}{request.get_full_path()}")
    response.status_code = 307 if request.method in ("GET", "HEAD") else 303
    return response


def _host_without_port(host: str) -> str:
    """An IPv6 literal keeps its brackets (RFC 3986 section 3.2.2)."""
    return host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]


def _secure(response: HttpResponseBase, name: str) -> None:
    """The cookie under its __Host- name, which browsers take over TLS with Secure and Path=/ only."""
    cookie = response.cookies.pop(name)
    response.cookies[_SECURE_PREFIX + name] = cookie.value
    renamed = response.cookies[_SECURE_PREFIX + name]
    for attribute, value in cookie.items():
        renamed[attribute] = value
    renamed["secure"] = True
    renamed["path"] = "/"
    renamed["domain"] = ""


def _to_login(request: HttpRequest, url: str) -> HttpResponseRedirect:
    """Only a page that can be fetched again is worth coming back to."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponseRedirect(url)
    return HttpResponseRedirect(f"{url}?next={quote(request.get_full_path())}")
