"""The form of the first-run page, and of the settings."""

import re

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from adminconsole.forms.accounts import PASSWORD_MAX
from adminconsole.forms.base import ConsoleForm

# The one account that can do everything; NIST SP 800-63B section 5.1.1.2 asks for 8 at least.
ADMIN_PASSWORD_MIN = 8
PLAIN_TEXT = {"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")  # RFC 1123 section 2.1


class HostnameField(forms.CharField):
    """A fully qualified host name, in lower case."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(
            label=_("Host name"),
            max_length=253,
            widget=forms.TextInput(attrs=PLAIN_TEXT),
            error_messages={"required": _("Enter the server’s name, for example mailhost.mondomaine.fr.")},
            **kwargs,  # type: ignore[arg-type]
        )

    def clean(self, value: str) -> str:
        name = str(super().clean(value)).rstrip(".").lower()
        labels = name.split(".")
        if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
            raise forms.ValidationError(
                gettext("“%(name)s” is not a full host name. Enter one with a domain, like mailhost.mondomaine.fr."),
                params={"name": name},
            )
        return name


class SettingsForm(ConsoleForm):
    """What the whole server is called."""

    hostname = HostnameField(help_text=_("Clients connect to this name, and the certificate is made for it."))


class SetupForm(SettingsForm):
    """Host name, first domain, administrator."""

    domain = forms.CharField(
        label=_("Domain"),
        max_length=253,
        help_text=_("What stands behind the @ of your addresses."),
        widget=forms.TextInput(attrs=PLAIN_TEXT),
        error_messages={"required": _("Enter your domain, for example mondomaine.fr.")},
    )
    localpart = forms.CharField(
        label=_("Administrator"),
        max_length=64,
        help_text=_("What stands before the @. This account also gets a mailbox."),
        widget=forms.TextInput(attrs={**PLAIN_TEXT, "autocomplete": "username"}),
        error_messages={"required": _("Enter a name, for example admin.")},
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        min_length=ADMIN_PASSWORD_MIN,
        max_length=PASSWORD_MAX,
        help_text=_("8 characters or more."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Enter a password.")},
    )
    again = forms.CharField(
        label=_("Password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Enter the password again.")},
    )

    def clean_localpart(self) -> str:
        localpart = str(self.cleaned_data["localpart"])
        if "@" in localpart:
            raise forms.ValidationError(gettext("Enter only what stands before the @."))
        return localpart

    def clean_again(self) -> str:
        if "password" in self.cleaned_data and self.cleaned_data["again"] != self.cleaned_data["password"]:
            raise forms.ValidationError(gettext("The two passwords differ. Enter the same one twice."))
        return str(self.cleaned_data["again"])
