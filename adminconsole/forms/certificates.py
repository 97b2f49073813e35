"""Importing one's own certificate."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from adminconsole.forms.base import ConsoleForm

MAX_PEM_OCTETS = 256 * 1024  # a chain of a dozen certificates is 30 KiB
PEM = {"accept": ".pem,.crt,.cer,.key,.txt"}


class ImportCertificateForm(ConsoleForm):
    """A chain and its private key, both in PEM (RFC 7468)."""

    chain = forms.FileField(
        label=_("Certificate"),
        help_text=_("PEM. The server’s certificate first, then those of its authorities."),
        widget=forms.ClearableFileInput(attrs=PEM),
        error_messages={
            "required": _("Choose the file of the certificate."),
            "empty": _("This file is empty. Choose the file of the certificate."),
        },
    )
    key = forms.FileField(
        label=_("Private key"),
        help_text=_("PEM. It is encrypted before it is kept, and never shown again."),
        widget=forms.ClearableFileInput(attrs=PEM),
        error_messages={
            "required": _("Choose the file of the private key."),
            "empty": _("This file is empty. Choose the file of the private key."),
        },
    )
    passphrase = forms.CharField(
        label=_("Pass phrase of the key"),
        required=False,
        strip=False,
        help_text=_("Only if the key is encrypted."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def clean_chain(self) -> bytes:
        return _read(self.cleaned_data["chain"])

    def clean_key(self) -> bytes:
        return _read(self.cleaned_data["key"])


def _read(upload: UploadedFile) -> bytes:
    if (upload.size or 0) > MAX_PEM_OCTETS:
        raise forms.ValidationError(gettext("This file is too large to be a PEM file. Choose another one."))
    return upload.read()
