"""The Content-Security-Policy of every page, with the one exception that the redirect to HTTPS needs.

Browsers hold form-action against where a form's answer leads as well, and another port is another origin:
a form sent in the clear may lead to this same host's HTTPS port, whatever port that is.
"""

from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest, HttpResponseBase

from security import web


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """CSPMiddleware; pages in the clear also name the HTTPS port in form-action."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        target = web.https_origin(request) if is_page and not request.is_secure() and not report_only else None
        if target is not None:
            parts.update = {**(parts.update or {}), "form-action": [target]}
        return parts
