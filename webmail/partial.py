"""Answers to htmx: which part of the page it wants, and the headers that steer it."""

from django.http import HttpRequest, HttpResponse


def wanted(request: HttpRequest) -> str:
    """The id of the element that htmx will fill; "" when a browser asks for the whole page."""
    if request.headers.get("HX-Request") != "true":
        return ""
    return request.headers.get("HX-Target", "") or "none"


def go_to(request: HttpRequest, url: str) -> HttpResponse:
    """POST then redirect: 303, or for htmx the header that makes the browser go there."""
    if wanted(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponse(status=303, headers={"Location": url})
