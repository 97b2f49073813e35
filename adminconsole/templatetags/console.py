"""Template tags of the console: fields and dates."""

from datetime import datetime
from typing import Any

from django import template
from django.forms import BoundField
from django.utils.formats import number_format

from webmail import formats

register = template.Library()
register.filter("row_time", formats.row_time)

KINDS = {"Select": "select", "CheckboxInput": "check", "PasswordInput": "password"}


@register.inclusion_tag("adminconsole/parts/field.html")
def field(bound: BoundField, suffix: str = "", kind: str = "") -> dict[str, Any]:
    """A label, its control, an error and a hint, tied together for screen readers."""
    return {"field": bound, "suffix": suffix, "kind": kind or KINDS.get(type(bound.field.widget).__name__, "input")}


@register.filter
def moment(unix: float) -> datetime:
    """Unix seconds as a date in the server's time zone, for the date filter."""
    return formats.local(int(unix))


@register.filter
def day(unix: float) -> str:
    """ "4 Nov 2026": a day with its year, as in the life of a certificate."""
    return formats.short_date(formats.local(int(unix)))


@register.filter
def number(value: int) -> str:
    """1,949 or 1 949: groups of three, with a space that the interface font has."""
    return number_format(value, use_l10n=True, force_grouping=True).replace("\u202f", formats.NBSP)
