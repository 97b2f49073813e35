"""The insides of a message: the document of an HTML part, inline pictures, attachments, the source.

Everything here comes from a stranger. Only the cleaned HTML part and raster pictures are shown
by the browser; every other byte is a download, and each answer forbids scripts by its own CSP.
"""

import io
import logging
import zipfile

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from mailformat import mime
from mailformat.mime import Part
from security.web import account_required
from webmail import access, images, letters, parts

log = logging.getLogger(__name__)

SANDBOX = "allow-same-origin allow-popups allow-popups-to-escape-sandbox"  # never allow-scripts
BODY_CSP = (
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; "
    f"base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox {SANDBOX}"
)
BYTES_CSP = "default-src 'none'; frame-ancestors 'none'; sandbox"
SHOWN_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/avif"})
# Saved under their own type these could be opened as a page of this site by some browser.
ACTIVE_SUBTYPES = ("html", "xml", "svg", "javascript", "ecmascript", "xhtml", "mhtml", "x-shockwave-flash")
PRIVATE_DAY = "private, max-age=86400"  # a message never changes


def _opened(request: HttpRequest, mailbox_id: int, uid: int) -> letters.Opened:
    view = access.message_or_404(request, mailbox_id, uid)
    return letters.open_message(access.account_of(request).id, view)


def _part(opened: letters.Opened, number: str) -> Part:
    part = mime.find_part(opened.root, number)
    if part is None:
        raise Http404
    return part


def _bytes(data: bytes, content_type: str, csp: str = BYTES_CSP) -> HttpResponse:
    response = HttpResponse(data, content_type=content_type)
    response.headers["Content-Security-Policy"] = csp
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = PRIVATE_DAY
    return response


def _download(data: bytes, content_type: str, name: str) -> HttpResponse:
    active = any(word in content_type for word in ACTIVE_SUBTYPES)
    response = _bytes(data, "application/octet-stream" if active else content_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


@require_safe
@account_required
def body(request: HttpRequest, mailbox_id: int, uid: int, number: str) -> HttpResponse:
    """The cleaned HTML of one part as a document of its own, for the sandboxed frame."""
    opened = _opened(request, mailbox_id, uid)
    part = _part(opened, number)
    if part.content_type != "text/html":
        raise Http404
    cleaned = letters.clean_html(opened, part, with_images=request.GET.get("images") == "1")
    response = render(request, "webmail/parts/body.html", {"cleaned": cleaned})
    response.headers["Content-Security-Policy"] = BODY_CSP
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = PRIVATE_DAY
    return response


@require_safe
@account_required
def inline(request: HttpRequest, mailbox_id: int, uid: int, number: str) -> HttpResponse:
    """A picture that the HTML of the same message shows (cid:)."""
    opened = _opened(request, mailbox_id, uid)
    part = _part(opened, number)
    if part.content_type not in SHOWN_TYPES:
        raise Http404
    return _bytes(mime.decoded(opened.data, part), part.content_type)


@require_safe
@account_required
def file(request: HttpRequest, mailbox_id: int, uid: int, number: str) -> HttpResponse:
    """An attachment, always as a download."""
    opened = _opened(request, mailbox_id, uid)
    part = _part(opened, number)
    if part.type == "multipart":
        raise Http404
    name = letters.file_view(opened, part).name
    return _download(mime.decoded(opened.data, part), part.content_type, name)


@require_safe
@account_required
def all_files(request: HttpRequest, mailbox_id: int, uid: int) -> HttpResponse:
    """All attachments in one zip file."""
    opened = _opened(request, mailbox_id, uid)
    if not opened.layout.files:
        raise Http404
    out = io.BytesIO()
    names: set[str] = set()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in opened.layout.files:
            name = _unused(letters.file_view(opened, part).name, names)
            archive.writestr(name, mime.decoded(opened.data, part))
    subject = parts.file_name(Part(0, 0, 0, filename=opened.view.row.subject[:80]), gettext("attachments"))
    return _download(out.getvalue(), "application/zip", f"{subject}.zip")


def _unused(name: str, names: set[str]) -> str:
    stem, dot, extension = name.rpartition(".")
    stem, extension = (stem, dot + extension) if stem else (name, "")
    number, chosen = 2, name
    while chosen.lower() in names:
        chosen, number = f"{stem} ({number}){extension}", number + 1
    names.add(chosen.lower())
    return chosen


@require_safe
@account_required
def source(request: HttpRequest, mailbox_id: int, uid: int) -> HttpResponse:
    """The message as it came, byte for byte: as text, or as a file with ?download=1."""
    opened = _opened(request, mailbox_id, uid)
    if request.GET.get("download") == "1":
        subject = parts.file_name(Part(0, 0, 0, filename=opened.view.row.subject[:80]), gettext("message"))
        return _download(opened.data, "message/rfc822", f"{subject}.eml")
    return _bytes(opened.data, "text/plain; charset=utf-8")


@require_safe
@account_required
def remote_image(request: HttpRequest) -> HttpResponse:
    """A remote picture of a letter, fetched by the server; only addresses that we signed for this account."""
    signer = signing.Signer(salt=f"{letters.IMAGE_SALT}.{access.account_of(request).id}")
    try:
        picture = images.fetch(signer.unsign(request.GET.get("u", "")))
    except signing.BadSignature as error:
        raise Http404 from error
    except images.ImageRefused as error:
        log.info("remote picture refused: %s", error)
        raise Http404 from error
    return _bytes(picture.data, picture.content_type)
