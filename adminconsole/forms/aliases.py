"""Forms of aliases and groups."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from adminconsole.forms.base import ConsoleForm
from adminconsole.forms.domains import domain_choices

PLAIN_TEXT = {"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}


class NewAddressForm(ConsoleForm):
    """A new address of one of the domains."""

    localpart = forms.CharField(
        label=_("Address"),
        max_length=64,  # RFC 5321 section 4.5.3.1.1
        widget=forms.TextInput(attrs=PLAIN_TEXT),
        error_messages={"required": _("Enter what stands before the @, for example contact.")},
    )
    domain = forms.ChoiceField(label=_("Domain"))

    def __init__(self, *args: Any, domains: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["domain"].choices = domain_choices(domains)  # type: ignore[attr-defined]

    def clean_localpart(self) -> str:
        localpart = str(self.cleaned_data["localpart"])
        if "@" in localpart:
            raise forms.ValidationError(gettext("Enter only what stands before the @; choose the domain beside it."))
        return localpart

    @property
    def address(self) -> str:
        """The whole address, once the form is valid."""
        return f"{self.cleaned_data['localpart']}@{self.cleaned_data['domain']}"


class AliasForm(ConsoleForm):
    """Whose mailbox an alias leads to."""

    account = forms.CharField(
        label=_("Delivers to"),
        help_text=_("The address of an account."),
        widget=forms.TextInput(attrs={**PLAIN_TEXT, "list": "accounts"}),
        error_messages={"required": _("Enter the address of an account.")},
    )


class NewAliasForm(NewAddressForm, AliasForm):
    """A new alias."""

    field_order = ("localpart", "domain", "account")


class GroupForm(ConsoleForm):
    """The name and the members of a group."""

    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    members = forms.CharField(
        label=_("Members"),
        required=False,
        help_text=_("One account a line. Each of them gets every message to the group."),
        widget=forms.Textarea(attrs={"rows": 8, "autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_members(self) -> list[str]:
        lines = (line.strip() for line in self.cleaned_data["members"].splitlines())
        return list(dict.fromkeys(line for line in lines if line))


class NewGroupForm(NewAddressForm, GroupForm):
    """A new group."""

    field_order = ("localpart", "domain", "name", "members")
