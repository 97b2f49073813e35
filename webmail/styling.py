"""The look of form fields: which class each widget carries. The console's forms use it too."""

from typing import Any

from django import forms

CLASSES: dict[type[forms.Widget], str] = {
    forms.CheckboxInput: "check",
    forms.CheckboxSelectMultiple: "check",
    forms.RadioSelect: "radio",
    forms.Select: "",
    forms.Textarea: "textarea",
    forms.widgets.Input: "input",
}


class StyledForm(forms.Form):
    """A form whose widgets carry the classes of static/css/components."""

    required_css_class = "required"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            for kind, name in CLASSES.items():
                if isinstance(field.widget, kind):
                    own = field.widget.attrs.get("class", "")
                    field.widget.attrs["class"] = f"{name} {own}".strip()
                    break
