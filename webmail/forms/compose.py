"""The letter being written."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mailformat.addresses import Mailbox
from webmail import recipients
from webmail.recipients import Problem

MAX_FIELD = 20_000  # characters of one address field
MAX_TEXT = 2_000_000  # characters of the letter's text
MAX_SUBJECT = 900  # characters; RFC 5322 section 2.1.1 ends a line at 998
MAX_FILES = 50  # of one letter; Django takes 100 of one form


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several uploads."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(one, initial) for one in files]


def _people(label: Any) -> forms.CharField:
    # Text, not type=email: a field holds several addresses with their names.
    attrs = {"class": "chips-input", "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
    attrs["data-chips"] = ""
    return forms.CharField(label=label, required=False, max_length=MAX_FIELD, widget=forms.TextInput(attrs=attrs))


class ComposeForm(forms.Form):
    """Every field may be empty while it is a draft; check_for_sending() asks for more."""

    to = _people(_("To"))
    cc = _people(_("Cc"))
    bcc = _people(_("Bcc"))
    subject = forms.CharField(
        label=_("Subject"),
        required=False,
        max_length=MAX_SUBJECT,
        widget=forms.TextInput(attrs={"class": "sheet-subject", "autocomplete": "off"}),
    )
    text = forms.CharField(
        label=_("Text of the message"),
        required=False,
        strip=False,
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"class": "sheet-text", "rows": 14, "aria-label": _("Text of the message")}),
    )
    uploads = FilesField(required=False, allow_empty_file=True, label=_("Attach files"))
    draft = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    answers = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    in_reply_to = forms.CharField(required=False, max_length=MAX_SUBJECT, widget=forms.HiddenInput)
    references = forms.CharField(required=False, max_length=MAX_FIELD, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "w-%s", "label_suffix": "", **kwargs})
        self.mailboxes: dict[str, list[Mailbox]] = {"to": [], "cc": [], "bcc": []}
        self.problems: dict[str, list[Problem]] = {"to": [], "cc": [], "bcc": []}
        if not self.is_bound and not self.initial.get("to"):
            self.fields["to"].widget.attrs["autofocus"] = True
        self.draft_place = (0, 0)  # mailbox id and uid, once the draft is saved

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.mailboxes:
            self.mailboxes[name], self.problems[name] = recipients.parse(cleaned.get(name, ""))
        return cleaned

    def everybody(self) -> list[Mailbox]:
        """All recipients, each once."""
        seen: dict[str, Mailbox] = {}
        for group in self.mailboxes.values():
            for mailbox in group:
                seen.setdefault(mailbox.address.lower(), mailbox)
        return list(seen.values())

    def check_for_sending(self, refused: list[Problem]) -> bool:
        """Puts what hinders sending at its field; refused: addresses that the server cannot deliver to."""
        by_address = {problem.typed.lower(): problem for problem in refused}
        for name, group in self.mailboxes.items():
            self.problems[name] += [
                by_address[box.address.lower()] for box in group if box.address.lower() in by_address
            ]
            for problem in self.problems[name]:
                self.add_error(name, problem.text)
        if not self.everybody() and not any(self.problems.values()):
            self.add_error("to", gettext("Nobody is to get this message yet. Write an address."))
        elif len(self.everybody()) > recipients.MAX_RECIPIENTS:
            count = recipients.MAX_RECIPIENTS
            self.add_error("to", gettext("A message goes to at most %(count)d addresses.") % {"count": count})
        return not self.errors
