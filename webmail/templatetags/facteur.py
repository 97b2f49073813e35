"""Template tags that the webmail and the console share: icons, avatars, theme, scripts."""

import json
from functools import lru_cache

from django import template
from django.conf import settings
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from webmail import formats, look, rows

register = template.Library()
ROW_ACTIONS = "webmail/parts/row_actions.html"
PLACEHOLDER = "UID"

register.filter("size", formats.size)
register.filter("full_time", formats.full_time)
register.filter("clock", formats.clock)


@register.simple_tag
@lru_cache(maxsize=1024)  # a list shows each icon a hundred times
def icon(name: str, size: str = "", extra: str = "") -> SafeString:
    """An icon of the sprite, e.g. `{% icon "mail" %}`; size is "sm" or "lg"."""
    classes = " ".join(["icon", *([f"icon-{size}"] if size else []), *([extra] if extra else [])])
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>', classes, static("img/icons.svg"), name
    )


@register.simple_tag
@lru_cache(maxsize=1024)
def avatar(name: str, address: str = "", size: str = "") -> SafeString:
    """The stamp of a person: initials on a hue that follows from the address."""
    classes = f"avatar avatar-{size}" if size else "avatar"
    hue = look.hue_of(address or name)
    return format_html(
        '<span class="{} hue-{}" aria-hidden="true">{}</span>', classes, hue, look.initials(name or address)
    )


@register.simple_tag
def row_actions(page: rows.Page, row: rows.Row) -> SafeString:
    """The buttons of a row: rendered once for each kind of row, then only the UID differs."""
    kind = (row.is_unread, row.is_starred)
    if kind not in page.kept_actions:
        context = {"buttons": page.actions_of(row), "placeholder": PLACEHOLDER}
        page.kept_actions[kind] = render_to_string(ROW_ACTIONS, context)
    return mark_safe(page.kept_actions[kind].replace(PLACEHOLDER, row.key))


@register.simple_tag(takes_context=True)
def look_attributes(context: Context) -> SafeString:
    """The theme and density chosen on this device, as attributes of <html>."""
    chosen = look.from_request(context["request"])
    keys = "" if chosen.keys else "off"
    pairs = [("data-theme", chosen.theme), ("data-density", chosen.density), ("data-keys", keys)]
    return format_html_join("", ' {}="{}"', [pair for pair in pairs if pair[1]])


def _modules() -> tuple[str, ...]:
    root = settings.BASE_DIR / "static" / "js"
    return tuple(sorted(path.relative_to(root).as_posix() for path in root.rglob("*.js")))


@register.simple_tag
@lru_cache(maxsize=1)
def import_map() -> SafeString:
    """The JSON of the import map: "facteur/toast" leads to the (hashed) address of js/facteur/toast.js."""
    imports = {name.removesuffix(".js"): static(f"js/{name}") for name in _modules()}
    return mark_safe(json.dumps({"imports": imports}).replace("<", "\\u003c"))
