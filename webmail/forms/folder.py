"""Naming a folder."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mailstore.mailboxes import MailboxInfo
from webmail.folders import DELIMITER
from webmail.styling import StyledForm

MAX_NAME = 200  # characters of one level


class FolderForm(StyledForm):
    """The name of a folder, and the folder that it lies in: one of these where it may not be at the top."""

    name = forms.CharField(label=_("Name"), max_length=MAX_NAME, widget=forms.TextInput(attrs={"autofocus": True}))
    parent = forms.ChoiceField(label=_("Inside"), required=False)

    def __init__(self, *args: Any, parents: list[MailboxInfo], at_top: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["parent"]
        assert isinstance(field, forms.ChoiceField)
        top = [("", gettext("No other folder"))] if at_top else []
        field.choices = [*top, *((box.name, box.name) for box in parents)]
        field.required = not at_top
        if not parents:
            del self.fields["parent"]

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).strip()
        if DELIMITER in name:
            raise forms.ValidationError(gettext("A name has no “/”. Choose the folder it lies in below."))
        return name

    @property
    def full_name(self) -> str:
        """The name in the store."""
        parent = self.cleaned_data.get("parent", "")
        name: str = self.cleaned_data["name"]
        return f"{parent}{DELIMITER}{name}" if parent else name
