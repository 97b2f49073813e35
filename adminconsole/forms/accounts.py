"""Forms of the accounts pages."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from adminconsole.forms.base import ConsoleForm
from adminconsole.forms.domains import domain_choices
from directory.accounts import AccountInfo
from webmail.formats import size

GIB = 1024**3
QUOTA_MAX_GB = 1_000_000  # keeps octets within the database's 64 bits
# Enough to be typed on purpose. Short passwords are right in a closed lab, so no more than this is asked.
PASSWORD_MIN = 4
PASSWORD_MAX = 256  # hashing more would cost time that the sender chooses


class GigabytesField(forms.DecimalField):
    """A size in GB with a point or a comma, empty for no limit; cleaned to octets."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)

    def clean(self, value: Any) -> int:
        return int((super().clean(value) or Decimal(0)) * GIB)


class AccountForm(ConsoleForm):
    """What can be changed of an account at any time. The address stays: it is the login."""

    display_name = forms.CharField(label=_("Full name"), max_length=200, required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    quota = GigabytesField(
        label=_("Quota"),
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(QUOTA_MAX_GB),
        decimal_places=3,
        help_text=_("Empty: no limit."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"invalid": _("Enter a number of gigabytes, for example 5 or 0.5.")},
    )
    quota_messages = forms.IntegerField(
        label=_("Messages at most"),
        required=False,
        min_value=0,
        max_value=1_000_000_000,
        help_text=_("Empty: no limit."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": _("Enter a whole number.")},
    )
    is_admin = forms.BooleanField(
        label=_("Administrator"), required=False, help_text=_("May open this console and change everything in it.")
    )
    password = forms.CharField(
        label=_("New password"),
        required=False,
        strip=False,
        min_length=PASSWORD_MIN,
        max_length=PASSWORD_MAX,
        help_text=_("Leave this empty to keep the present one. 12 characters or more, unless this is a closed lab."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    aliases = forms.CharField(
        label=_("Other addresses"),
        required=False,
        help_text=_("One address a line. Mail for them comes to this account."),
        widget=forms.Textarea(attrs={"rows": 3, "autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, used: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.used = used
        languages = [("", _("The browser’s")), *settings.LANGUAGES]
        self.fields["language"].choices = languages  # type: ignore[attr-defined]

    def clean_quota(self) -> int:
        quota = int(self.cleaned_data["quota"])
        if 0 < quota < self.used:
            raise forms.ValidationError(
                gettext("The mailbox already holds %(used)s. Enter more, or free some space first."),
                params={"used": size(self.used)},
            )
        return quota

    def clean_quota_messages(self) -> int:
        return self.cleaned_data["quota_messages"] or 0

    def clean_aliases(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["aliases"].splitlines() if line.strip()]


class NewAccountForm(AccountForm):
    """A new account: the address and the first password besides."""

    localpart = forms.CharField(
        label=_("Address"),
        max_length=64,  # RFC 5321 section 4.5.3.1.1
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
        error_messages={"required": _("Enter what stands before the @, for example marie.")},
    )
    domain = forms.ChoiceField(label=_("Domain"))
    field_order = ("display_name", "language", "localpart", "domain")

    def __init__(self, *args: Any, domains: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["domain"].choices = domain_choices(domains)  # type: ignore[attr-defined]
        password = self.fields["password"]
        password.label = _("Password")
        password.required = True
        password.help_text = _("12 characters or more, unless this is a closed lab.")
        password.error_messages["required"] = _("Enter a password, or have one made.")

    def clean_localpart(self) -> str:
        localpart = str(self.cleaned_data["localpart"])
        if "@" in localpart:
            raise forms.ValidationError(gettext("Enter only what stands before the @; choose the domain beside it."))
        return localpart

    @property
    def address(self) -> str:
        """The whole address, once the form is valid."""
        return f"{self.cleaned_data['localpart']}@{self.cleaned_data['domain']}"


class DeleteAccountForm(ConsoleForm):
    """What happens to the mail of an account that is deleted."""

    FOR_EVER = "delete"
    HAND_OVER = "hand-over"

    mail = forms.ChoiceField(
        choices=[(FOR_EVER, _("Delete it for ever")), (HAND_OVER, _("Hand it over to another account"))],
        error_messages={"required": _("Choose what happens to the mail.")},
    )
    heir = forms.CharField(
        label=_("Account that gets the mail"),
        required=False,
        widget=forms.TextInput(
            attrs={"list": "accounts", "autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
        ),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("mail") == self.HAND_OVER and not cleaned.get("heir") and "heir" not in self.errors:
            self.add_error("heir", _("Enter the address of the account that gets the mail."))
        return cleaned


def initial_of(account: AccountInfo, aliases: Sequence[str]) -> dict[str, Any]:
    """What the form of an existing account starts with."""
    quota = Decimal(account.quota_bytes) / GIB
    return {
        "display_name": account.display_name,
        "language": account.language,
        "quota": f"{quota.normalize():f}" if account.quota_bytes else "",
        "quota_messages": account.quota_messages or "",
        "is_admin": account.is_admin,
        "aliases": "\n".join(aliases),
    }
