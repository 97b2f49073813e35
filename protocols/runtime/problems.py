"""Why a service does not listen, and what to do about it.

Kept in the database as a code with its values, so that each reader gets the words in his own language.
"""

import json
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

TEXTS = {
    "in_use": gettext_lazy(
        "Port %(port)s is already in use by %(owner)s. Stop that program, or give this service another port."
    ),
    "not_permitted": gettext_lazy(
        "Port %(port)s is below 1024 and needs a privilege: allow it with "
        "“setcap cap_net_bind_service=+ep %(program)s”, lower net.ipv4.ip_unprivileged_port_start, "
        "or set PORT_OFFSET so that the port is above 1023."
    ),
    "no_such_address": gettext_lazy("%(address)s is not an address of this machine. Correct the service's addresses."),
    "bad_address": gettext_lazy("“%(address)s” is not an IP address. Correct the service's addresses."),
    "bad_port": gettext_lazy("Port %(port)s is not between 1 and 65535. Correct the port or PORT_OFFSET."),
    "missing": gettext_lazy("This part of the server is not installed (%(error)s)."),
    "certificate": gettext_lazy("There is no usable certificate: %(error)s"),
    "crashed": gettext_lazy("The process ended unexpectedly (%(error)s); it is started again in %(seconds)s s."),
    "system": gettext_lazy("The system refused: %(error)s."),
    "not_supervised": gettext_lazy("The server is not running. Start it with “manage.py runmailservices”."),
    "not_selected": gettext_lazy("The server was started without this service (--only)."),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One of TEXTS with its values."""

    code: str
    values: dict[str, str | int] = field(default_factory=dict)

    def dump(self) -> str:
        """For ServiceStatus.reason."""
        return json.dumps({"code": self.code, **self.values})

    def __str__(self) -> str:
        """A sentence in the active language, with the cure."""
        return str(TEXTS[self.code]) % self.values


class CannotListen(Exception):
    """A service cannot start; carries the Problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def load(text: str) -> Problem | None:
    """What dump() made; None for "" and for what another version wrote."""
    try:
        values = json.loads(text)
    except ValueError:
        return None
    code = values.pop("code", None) if isinstance(values, dict) else None
    return Problem(code, values) if code in TEXTS else None


def unknown_owner() -> str:
    """When the system does not tell whose a port is."""
    return _("another program")
