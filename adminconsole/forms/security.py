"""Forms of the security policy."""

from django import forms
from django.utils.translation import gettext_lazy as _

from adminconsole.forms.base import ConsoleForm

NAMES = {
    0: _("No restrictions"),
    1: _("Require secure authentication"),
    2: _("Require encrypted connection"),
}


class LevelForm(ConsoleForm):
    """Which of the three levels shall be in force."""

    level = forms.TypedChoiceField(label=_("Policy"), choices=list(NAMES.items()), coerce=int)
    # Set by the second page, which says that this very connection will be refused.
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)


class IpGroupForm(ConsoleForm):
    """Networks with a level of their own."""

    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        error_messages={"required": _("Enter a name, for example Printers.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    networks = forms.CharField(
        label=_("Addresses"),
        help_text=_("One address or network a line, such as 192.168.20.0/28."),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        error_messages={"required": _("Enter an address or a network, for example 192.168.20.0/28.")},
    )
    level = forms.TypedChoiceField(
        label=_("Level"),
        choices=list(NAMES.items()),
        coerce=int,
        help_text=_("This level binds them instead of the one for everybody."),
    )

    def clean_networks(self) -> list[str]:
        return str(self.cleaned_data["networks"]).replace(",", "\n").split()
