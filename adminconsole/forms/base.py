"""What every console form shares: the look's classes, and errors that name their field."""

from dataclasses import dataclass

from directory.errors import DirectoryError
from security.errors import SecurityError
from webmail.styling import StyledForm


@dataclass(frozen=True, slots=True)
class FieldError:
    """One entry of the error banner: a link to the field that needs a change."""

    anchor: str
    label: str


class ConsoleForm(StyledForm):
    """A form of the console; aria-invalid and aria-describedby are Django's."""

    @property
    def field_errors(self) -> list[FieldError]:
        """The invalid fields in the order of the page, for the banner."""
        return [
            FieldError(anchor=str(bound.id_for_label), label=str(bound.label))
            for bound in self
            if bound.errors and not bound.is_hidden
        ]

    def refuse(self, error: DirectoryError | SecurityError, field: str | None = None) -> None:
        """Show a verb's refusal at the field that caused it (None: above the form)."""
        self.add_error(field, error.message)
