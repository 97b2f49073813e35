"""Signing in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from webmail.styling import StyledForm

MAX_PASSWORD = 1024  # characters; hashing more would only cost time


class LoginForm(StyledForm):
    address = forms.CharField(
        label=_("Address"),
        max_length=320,
        widget=forms.TextInput(
            attrs={
                "class": "input-lg", "autocomplete": "username", "inputmode": "email",
                "autocapitalize": "none", "spellcheck": "false",
            }
        ),
    )  # fmt: skip
    password = forms.CharField(
        label=_("Password"),
        max_length=MAX_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"class": "input-lg", "autocomplete": "current-password"}),
    )
    stay = forms.BooleanField(label=_("Stay signed in on this device"), required=False)
