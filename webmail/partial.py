"""Answers to htmx: which part of the page it wants, and the headers that steer it."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect


class SeeOther(HttpResponseRedirect):
    """303: fetch that page with GET, whatever the method was (RFC 9110 section 15.4.4)."""

    status_code = 303


def wanted(request: HttpRequest) -> str:
    """The id of the element that htmx will fill; "" when a browser asks for the whole page."""
    if request.headers.get("HX-Request") != "true":
        return ""
    return request.headers.get("HX-Target", "") or "none"


def go_to(request: HttpRequest, url: str) -> HttpResponse:
    """POST then redirect: 303, or for htmx the header that makes the browser go there."""
    if wanted(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return SeeOther(url)
