"""Forms of the domains page."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from adminconsole.forms.base import ConsoleForm


class NewDomainForm(ConsoleForm):
    """The name of a domain that this server shall take mail for."""

    name = forms.CharField(
        label=_("Domain"),
        max_length=253,  # RFC 1035 section 2.3.4: 255 octets on the wire, 253 as text
        help_text=_("Mail for every address of this domain comes here."),
        error_messages={"required": _("Enter a domain, for example mondomaine.fr.")},
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )


class DomainForm(ConsoleForm):
    """What happens to mail for unknown addresses, and whether this domain comes first."""

    catch_all = forms.CharField(
        label=_("Mail for unknown addresses"),
        required=False,
        help_text=_("The account that takes it. Leave this empty and the mail is refused."),
        widget=forms.TextInput(
            attrs={"list": "accounts", "autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
        ),
    )
    is_primary = forms.BooleanField(
        label=_("Primary domain"),
        required=False,
        help_text=_("New accounts get this domain unless another one is chosen."),
    )


def domain_choices(names: Sequence[str]) -> list[tuple[str, Any]]:
    """The choices of a domain field, as people write them behind the local part."""
    return [(name, f"@{name}") for name in names]
