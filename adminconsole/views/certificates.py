"""Certificates: the list, importing one's own, issuing, putting in use, the authority for browsers."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from adminconsole.forms.certificates import ImportCertificateForm
from adminconsole.pages.certificates import certificate_cards
from adminconsole.shell import done, note, page, posted, uploaded
from directory import site
from security import certificates as store
from security.certificates import CertificateInfo
from security.errors import CertificateError
from security.web import admin_required

# RFC 2585 section 4.1 has application/pkix-cert for DER; browsers and phones open PEM under this older name.
CA_TYPE = "application/x-x509-ca-cert"
PEM_TYPE = "application/x-pem-file"


@require_safe
@admin_required
def certificates(request: HttpRequest) -> HttpResponse:
    """Every certificate, the one in use first."""
    return _page(request)


@sensitive_post_parameters("passphrase")
@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def import_own(request: HttpRequest) -> HttpResponse:
    """Import a certificate with its key. What is wrong stands at its field, and nothing is changed."""
    form = ImportCertificateForm(posted(request), uploaded(request))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            info = store.import_certificate(values["chain"], values["key"], values["passphrase"])
        except CertificateError as error:
            form.refuse(error, error.field if error.field in form.fields else "chain")
        else:
            note(request, "certificate.import", f"{info.subject} {info.fingerprint}")
            sentence = _("%(name)s is imported. Put it in use when you are ready") % {"name": info.subject}
            return done(request, " ".join([sentence, *info.notes]), "certificates")
    return page(request, "certificate_import.html", {"form": form}, here="certificates", invalid=form.is_bound)


@require_POST
@admin_required
def reissue(request: HttpRequest) -> HttpResponse:
    """A new certificate from the local authority, in use at once."""
    info = store.issue_certificate()
    note(request, "certificate.issue", f"{info.subject} {info.fingerprint}")
    return done(request, _("A new certificate for %(name)s is in use") % {"name": info.subject}, "certificates")


@require_POST
@admin_required
def activate(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """Show this certificate from the next handshake on."""
    info = _certificate_or_404(certificate_id)
    try:
        store.activate(info.id)
    except CertificateError as error:
        return _page(request, error.message)
    note(request, "certificate.activate", f"{info.subject} {info.fingerprint}")
    return done(request, _("%(name)s is in use; no service was restarted") % {"name": info.subject}, "certificates")


@require_http_methods(["GET", "HEAD", "POST"])
@admin_required
def delete(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """Ask, then delete: the key cannot be brought back."""
    info = _certificate_or_404(certificate_id)
    refusal = ""
    if request.method == "POST":
        try:
            store.delete_certificate(info.id)
        except CertificateError as error:
            refusal = error.message
        else:
            note(request, "certificate.delete", f"{info.subject} {info.fingerprint}")
            return done(request, _("%(name)s deleted") % {"name": info.subject}, "certificates")
    context = {"certificate": info, "refusal": refusal}
    return page(request, "certificate_delete.html", context, here="certificates", invalid=bool(refusal))


@require_safe
@admin_required
def download(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """The chain, without the key."""
    info = _certificate_or_404(certificate_id)
    return _file(store.certificate_pem(info.id), PEM_TYPE, f"{info.subject}.pem")


@require_safe
def authority(request: HttpRequest, extension: str) -> HttpResponse:
    """The authority's certificate for browsers and mail clients; for everybody, since it is public."""
    if extension not in ("crt", "pem"):
        raise Http404(extension)
    kind = CA_TYPE if extension == "crt" else PEM_TYPE
    return _file(store.ca_pem(), kind, f"facteur-ca.{extension}")


def _page(request: HttpRequest, refusal: str = "") -> HttpResponse:
    context = {"cards": certificate_cards(), "hostname": site.hostname(), "refusal": refusal}
    return page(request, "certificates.html", context, here="certificates", invalid=bool(refusal))


def _certificate_or_404(certificate_id: int) -> CertificateInfo:
    try:
        return store.get_certificate(certificate_id)
    except CertificateError as error:
        raise Http404(error.message) from error


def _file(data: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        data,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )
