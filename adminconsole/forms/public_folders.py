"""Forms of public folders."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from adminconsole.forms.base import ConsoleForm
from adminconsole.forms.domains import domain_choices
from mailstore.mailboxes import MAX_NAME_LENGTH

NO_ONE = "none"


class FolderNameForm(ConsoleForm):
    """What a public folder is called."""

    name = forms.CharField(
        label=_("Name"),
        max_length=MAX_NAME_LENGTH,
        help_text=_("A “/” in it puts it inside another one, for example Announcements/2026."),
        error_messages={"required": _("Enter a name, for example Announcements.")},
    )


class NewFolderForm(FolderNameForm):
    """A new public folder, and what everyone of the domain may do in it."""

    domain = forms.ChoiceField(label=_("Domain"))
    everyone = forms.ChoiceField(
        label=_("Everyone of the domain may"),
        choices=[(NO_ONE, _("Not see it yet")), ("read", _("Read")), ("write", _("Read and write"))],
        initial="read",
    )

    def __init__(self, *args: Any, domains: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["domain"].choices = domain_choices(domains)  # type: ignore[attr-defined]
