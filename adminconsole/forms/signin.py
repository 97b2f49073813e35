"""The form of the console's sign-in page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from adminconsole.forms.base import ConsoleForm


class SignInForm(ConsoleForm):
    """Address and password; what is wrong with them is said once, above the button."""

    address = forms.CharField(
        label=_("Address"),
        widget=forms.TextInput(
            attrs={
                "class": "input-lg",
                "autocomplete": "username",
                "inputmode": "email",
                "autocapitalize": "none",
                "spellcheck": "false",
            }
        ),
        error_messages={"required": _("Enter your address, for example admin@mondomaine.fr.")},
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"class": "input-lg", "autocomplete": "current-password"}),
        error_messages={"required": _("Enter your password.")},
    )
