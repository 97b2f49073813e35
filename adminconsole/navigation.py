"""The side of the console: where one can go, and what needs the administrator."""

from dataclasses import dataclass
from typing import NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.accounts import AccountInfo, count_accounts
from protocols.runtime import services


class Place(NamedTuple):
    """A page of the console: its name in the URLs, its icon and its words."""

    name: str
    icon: str
    label: str | Promise


SECTIONS: tuple[tuple[str | Promise, tuple[Place, ...]], ...] = (
    ("", (Place("overview", "gauge", _("Overview")), Place("services", "server", _("Services")))),
    (
        _("Who"),
        (
            Place("domains", "globe", _("Domains")),
            Place("accounts", "users", _("Accounts")),
            Place("aliases", "at-sign", _("Aliases and groups")),
            Place("folders", "folder", _("Public folders")),
        ),
    ),
    (
        _("Protection"),
        (
            Place("security", "shield-check", _("Security")),
            Place("certificates", "file-badge", _("Certificates")),
            Place("audit", "scroll-text", _("Audit log")),
        ),
    ),
    (_("Server"), (Place("settings", "sliders-horizontal", _("Settings")),)),
)


@dataclass(frozen=True, slots=True)
class Item:
    """A link of the side; `alarm` counts what failed, `count` what there is."""

    url: str
    icon: str
    label: str | Promise
    current: bool
    alarm: int = 0
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    title: str | Promise
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Side:
    sections: tuple[Section, ...]
    me: AccountInfo


def side_for(me: AccountInfo, here: str) -> Side:
    """The side with `here` as the current place (two queries, whatever there is to count)."""
    alarms = {"services": sum(1 for service in services.list_services() if service.state == "failed")}
    counts = {"accounts": count_accounts()}
    return Side(
        sections=tuple(
            Section(
                title=title,
                items=tuple(
                    Item(
                        url=reverse(f"adminconsole:{place.name}"),
                        icon=place.icon,
                        label=place.label,
                        current=place.name == here,
                        alarm=alarms.get(place.name, 0),
                        count=counts.get(place.name),
                    )
                    for place in places
                ),
            )
            for title, places in SECTIONS
        ),
        me=me,
    )
