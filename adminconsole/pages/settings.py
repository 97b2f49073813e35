"""View models of the settings page: what the environment has set."""

from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Fact:
    """A setting that is not changed here: its words, its variable, its value."""

    label: str | Promise
    variable: str
    value: str


def facts() -> list[Fact]:
    """The settings of the environment, without secrets (DATABASE_URL may hold a password)."""
    return [
        Fact(_("Database"), "DATABASE_URL", {"postgresql": "PostgreSQL", "sqlite": "SQLite"}[connection.vendor]),
        Fact(_("Data folder"), "DATA_DIR", str(settings.DATA_DIR)),
        Fact(_("Addresses to listen on"), "BIND", str(settings.BIND)),
        Fact(_("Added to every port"), "PORT_OFFSET", str(settings.PORT_OFFSET)),
        Fact(_("Time zone"), "TIME_ZONE", str(settings.TIME_ZONE)),
    ]
