"""The form of one service."""

import ipaddress

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from adminconsole.forms.base import ConsoleForm

PORT_MAX = 65535  # RFC 9293 section 3.1: 16 bits
CONNECTIONS_MAX = 100_000  # more than one host has file descriptors for
STARTUP = [
    ("automatic", _("Automatic: starts with the server")),
    ("manual", _("Manual: starts when you start it")),
    ("disabled", _("Disabled: never starts")),
]
DIGITS = {"inputmode": "numeric", "autocomplete": "off"}


class ServiceForm(ConsoleForm):
    """Port, addresses, startup type and limits of a service."""

    port = forms.IntegerField(
        label=_("Port"),
        min_value=1,
        max_value=PORT_MAX,
        widget=forms.TextInput(attrs=DIGITS),
        error_messages={"required": _("Enter a port."), "invalid": _("Enter a whole number from 1 to 65535.")},
    )
    startup = forms.ChoiceField(label=_("Startup"), choices=STARTUP)
    addresses = forms.CharField(
        label=_("Addresses"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )
    max_connections = forms.IntegerField(
        label=_("Connections at most"),
        min_value=1,
        max_value=CONNECTIONS_MAX,
        widget=forms.TextInput(attrs=DIGITS),
        error_messages={"invalid": _("Enter a whole number.")},
    )
    max_connections_per_address = forms.IntegerField(
        label=_("From one address at most"),
        min_value=1,
        max_value=CONNECTIONS_MAX,
        widget=forms.TextInput(attrs=DIGITS),
        error_messages={"invalid": _("Enter a whole number.")},
    )

    def clean_addresses(self) -> tuple[str, ...]:
        lines = (line.strip() for line in self.cleaned_data["addresses"].splitlines())
        return tuple(dict.fromkeys(_address(line) for line in lines if line))


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text.strip("[]")))
    except ValueError as error:
        raise forms.ValidationError(
            gettext("“%(text)s” is not an IP address. Write one a line, for example 192.168.10.2."),
            params={"text": text},
        ) from error
