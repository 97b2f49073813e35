"""What every view of the console ends with: a page with its side, or a redirect with a word."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise

from adminconsole.navigation import side_for
from security import audit

INVALID_FORM = 422  # RFC 9110 section 15.5.21: understood, but its content cannot be processed


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: also an empty one that was sent."""
    return request.POST if request.method == "POST" else None


def uploaded(request: HttpRequest) -> MultiValueDict[str, UploadedFile] | None:
    """The files of a form that was sent."""
    return request.FILES if request.method == "POST" else None


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, here: str, invalid: bool = False
) -> HttpResponse:
    """A page of the console; `here` is its place in the side, `invalid` answers 422."""
    whole = {"side": side_for(request.account, here), **context}  # type: ignore[attr-defined]
    return render(request, f"adminconsole/{template}", whole, status=INVALID_FORM if invalid else 200)


def done(request: HttpRequest, sentence: str | Promise, to: str, *args: Any) -> HttpResponseRedirect:
    """After a change: say so in a toast on the page that follows."""
    messages.success(request, str(sentence))
    return redirect(f"adminconsole:{to}", *args)


def note(request: HttpRequest, action: str, detail: str = "") -> None:
    """Record who changed what (security.audit)."""
    account = request.account  # type: ignore[attr-defined]
    audit.record(
        action,
        actor=account.address if account else "",
        remote_address=request.META.get("REMOTE_ADDR", ""),
        detail=detail,
    )
