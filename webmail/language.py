"""Which language a page speaks: the account's, else the one chosen here, else the browser's."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

SUPPORTED = frozenset(code for code, _ in settings.LANGUAGES)


def language_of(request: HttpRequest) -> str:
    """A code of settings.LANGUAGES."""
    account = getattr(request, "account", None)
    if account is not None and account.language in SUPPORTED:
        return str(account.language)
    return translation.get_language_from_request(request)


class LanguageMiddleware:
    """Stands behind security.web.AccountMiddleware, which sets request.account."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", language)
        return response
