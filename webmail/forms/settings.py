"""The user's own settings."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from webmail.forms.login import MAX_PASSWORD
from webmail.styling import StyledForm


class AccountForm(StyledForm):
    """What belongs to the account."""

    display_name = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=200,
        help_text=_("Others see it before your address."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        names = {"en": "English", "fr": "Français"}  # each in its own language
        field.choices = [("", gettext("As the browser")), *((code, names[code]) for code, _name in settings.LANGUAGES)]


class LookForm(forms.Form):
    """What belongs to this device."""

    theme = forms.ChoiceField(required=False, choices=[("", ""), ("light", ""), ("dark", "")])
    density = forms.ChoiceField(required=False, choices=[("comfortable", ""), ("", ""), ("compact", "")])
    keys = forms.BooleanField(required=False)


class PasswordForm(StyledForm):
    """A new password, typed twice, behind the current one."""

    current = forms.CharField(
        label=_("Current password"),
        strip=False,
        max_length=MAX_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=MAX_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password, again"),
        strip=False,
        max_length=MAX_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("new"):
            raise forms.ValidationError(gettext("This is not the same as the new password above."))
        return again
