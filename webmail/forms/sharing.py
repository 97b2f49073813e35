"""Sharing a folder: with whom, and what they may do there. The console's public folders use the same fields."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mailstore import rights
from webmail.styling import StyledForm

LEVELS = {
    "read": rights.parse("lrs"),
    "write": rights.parse("lrswite"),
    "all": rights.ALL,
}
LEVEL_NAMES = (
    ("read", _("Read")),
    ("write", _("Read and write")),
    ("all", _("Everything, sharing included")),
    ("own", _("Each right by itself")),
)
# In the order in which RFC 4314 section 2.1 tells them.
RIGHT_NAMES = (
    ("l", _("See the folder in the list")),
    ("r", _("Read its messages")),
    ("s", _("Keep what one has read")),
    ("w", _("Set stars and other marks")),
    ("i", _("Put messages in")),
    ("p", _("Send mail to it")),
    ("k", _("Make folders inside")),
    ("x", _("Rename and delete the folder")),
    ("t", _("Mark messages as deleted")),
    ("e", _("Remove messages for ever")),
    ("a", _("Share it with others")),
)


def level_of(mask: int) -> str:
    """The name of the level that these rights are; "own" for a choice of one's own."""
    return next((name for name, level in LEVELS.items() if level == mask), "own")


class RightsForm(StyledForm):
    """A level, or each right by itself."""

    level = forms.ChoiceField(label=_("May"), choices=LEVEL_NAMES, initial="read")
    rights = forms.MultipleChoiceField(
        label=_("Each right"), choices=RIGHT_NAMES, required=False, widget=forms.CheckboxSelectMultiple
    )

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("level") == "own" and not self.cleaned_data.get("rights") and not self.errors:
            self.add_error("rights", gettext("Tick at least one right, or stop sharing with them."))
        return self.cleaned_data

    @property
    def mask(self) -> int:
        """The rights, once the form is valid."""
        level: str = self.cleaned_data["level"]
        return LEVELS[level] if level != "own" else rights.parse("".join(self.cleaned_data["rights"]))


class ShareForm(RightsForm):
    """Whom a folder is to be shared with."""

    who = forms.CharField(
        label=_("With whom"),
        max_length=320,
        required=False,
        help_text=_("The address of a person or of a group of this server."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    everyone = forms.BooleanField(label=_("With everyone who has an account here"), required=False)

    field_order = ("who", "everyone", "level", "rights")

    def clean(self) -> dict[str, Any]:
        super().clean()
        if bool(self.cleaned_data.get("who")) == bool(self.cleaned_data.get("everyone")) and not self.errors:
            self.add_error("who", gettext("Enter an address, or tick “everyone”: one of the two."))
        return self.cleaned_data
