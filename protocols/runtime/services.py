"""The services as the console sees and steers them.

The rows say what is wanted; the supervising processes look at them every POLL_SECONDS and write what is. A start, stop
or restart is therefore seen within a second, and what is shown is the listener's real state.
"""

import ipaddress
import socket
import time
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from protocols.models import Service, ServiceStatus
from protocols.runtime.catalogue import CATALOGUE, addresses_of, ensure_rows, real_port
from protocols.runtime.problems import Problem, load
from protocols.runtime.status import STALE_AFTER

# Longest wait for the listener after start(), stop() and restart(); a healthy server needs half a second.
SETTLE_SECONDS = 2.0
_LOOK_AGAIN = 0.05
# A connection costs 15 to 40 KiB; more than these is a mistake in typing.
MOST_CONNECTIONS = 50_000


@dataclass(frozen=True, slots=True)
class ServiceView:
    """One row of the services page."""

    name: str
    title: str
    port: int  # as configured
    real_port: int  # PORT_OFFSET added
    addresses: tuple[str, ...]  # as configured; empty: settings.BIND
    effective_addresses: tuple[str, ...]
    encryption: str  # "none", "starttls", "tls"
    startup: str  # "automatic", "manual", "disabled"
    wanted: bool
    state: str  # "running", "starting", "stopped", "failed"
    reason: str  # in the active language; "" when all is well
    listening: tuple[str, ...]  # "127.0.0.1:10143"
    connections: int
    max_connections: int
    max_connections_per_address: int
    settled: bool  # the state already answers the last start, stop or edit
    spoken: bool  # a running server said so; else the state is a conclusion


class ServiceError(Exception):
    """A refused change; `field` names what was wrong, `message` is for people."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


def list_services() -> list[ServiceView]:
    """All services in the catalogue's order."""
    rows = {row.name: row for row in Service.objects.all()}
    if rows.keys() < CATALOGUE.keys():
        ensure_rows()
        rows = {row.name: row for row in Service.objects.all()}
    statuses = _statuses()
    return [_view(rows[name], statuses.get(rows[name].pk)) for name in CATALOGUE]


def get_service(name: str) -> ServiceView:
    """One service; ServiceError when there is none of that name."""
    row = _row(name)
    return _view(row, _statuses().get(row.pk))


def start(name: str) -> ServiceView:
    """Let it listen, and say how that went."""
    row = _row(name)
    if row.startup == Service.Startup.DISABLED:
        raise ServiceError(_("This service is disabled. Choose another startup type first."), "startup")
    _change(row, wanted=True)
    return _settle(name)


def stop(name: str) -> ServiceView:
    """Take no more clients, let the present ones finish their request, hang up."""
    _change(_row(name), wanted=False)
    return _settle(name)


def restart(name: str) -> ServiceView:
    """Stop and start."""
    return start(name)


def restart_all() -> None:
    """Restart every service that should listen, all at once and without waiting: list_services() shows how it goes."""
    with transaction.atomic():
        Service.objects.filter(wanted=True).update(generation=F("generation") + 1)


def configure(
    name: str,
    *,
    port: int | None = None,
    addresses: list[str] | tuple[str, ...] | None = None,
    startup: str | None = None,
    max_connections: int | None = None,
    max_connections_per_address: int | None = None,
) -> ServiceView:
    """Change what is given. A new port or address opens the service anew; new limits bind the next client."""
    row = _row(name)
    changes: dict[str, Any] = {}
    if port is not None:
        changes["port"] = _checked_port(name, port)
    if addresses is not None:
        changes["addresses"] = "\n".join(_checked_address(each) for each in addresses if each.strip())
    if startup is not None:
        changes["startup"] = _checked_startup(startup)
        if startup == Service.Startup.DISABLED:
            changes["wanted"] = False
    for field, value in (
        ("max_connections", max_connections),
        ("max_connections_per_address", max_connections_per_address),
    ):
        if value is not None:
            changes[field] = _checked_limit(field, value)
    changes = {field: value for field, value in changes.items() if getattr(row, field) != value}
    if changes.keys() & {"port", "addresses", "wanted"}:
        _change(row, **changes)
        return _settle(name)
    if changes:
        with transaction.atomic():
            Service.objects.filter(pk=row.pk).update(**changes)
    return get_service(name)


def _checked_port(name: str, port: int) -> int:
    if not 1 <= port <= 65535 or not 1 <= real_port(port) <= 65535:
        raise ServiceError(_("A port is a number from 1 to 65535."), "port")
    other = Service.objects.filter(port=port).exclude(name=name).first()
    if other is not None and other.name in CATALOGUE:
        raise ServiceError(
            _("Port %(port)s belongs to %(service)s.") % {"port": port, "service": CATALOGUE[other.name].title}, "port"
        )
    return port


def _checked_address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text.strip()))
    except ValueError:
        raise ServiceError(_("“%(address)s” is not an IP address.") % {"address": text.strip()}, "addresses") from None


def _checked_startup(startup: str) -> str:
    if startup not in Service.Startup.values:
        raise ServiceError(_("Choose automatic, manual or disabled."), "startup")
    return startup


def _checked_limit(field: str, value: int) -> int:
    if not 1 <= value <= MOST_CONNECTIONS:
        raise ServiceError(_("A limit is a number from 1 to %(most)s.") % {"most": MOST_CONNECTIONS}, field)
    return value


def _row(name: str) -> Service:
    if name not in CATALOGUE:
        raise ServiceError(_("There is no service “%(name)s”.") % {"name": name}, "name")
    row = Service.objects.filter(name=name).first()
    if row is None:
        ensure_rows()
        row = Service.objects.get(name=name)
    return row


def _change(row: Service, **changes: Any) -> None:
    """Write and let the generation grow: whoever runs the service applies the row anew."""
    with transaction.atomic():
        Service.objects.filter(pk=row.pk).update(generation=F("generation") + 1, **changes)


def _settle(name: str) -> ServiceView:
    ends = time.monotonic() + SETTLE_SECONDS
    while True:
        view = get_service(name)
        if view.settled or time.monotonic() > ends:
            return view
        time.sleep(_LOOK_AGAIN)


def _statuses() -> dict[int, ServiceStatus]:
    """The freshest word on each service: this host's, or where it is run elsewhere, that host's."""
    found: dict[int, ServiceStatus] = {}
    here = socket.gethostname()
    for status in ServiceStatus.objects.filter(heartbeat_at__gt=time.time() - STALE_AFTER).order_by("heartbeat_at"):
        known = found.get(status.service_id)
        if known is None or known.host != here:
            found[status.service_id] = status
    return found


def _view(row: Service, status: ServiceStatus | None) -> ServiceView:
    kind = CATALOGUE[row.name]
    if status is None:
        state = "failed" if row.wanted else "stopped"
        reason = str(Problem("not_supervised")) if row.wanted else ""
    else:
        state = status.state
        problem = load(status.reason)
        reason = str(problem) if problem is not None else ""
    return ServiceView(
        name=row.name,
        title=kind.title,
        port=row.port,
        real_port=real_port(row.port),
        addresses=tuple(row.addresses.split()),
        effective_addresses=addresses_of(row.addresses),
        encryption=kind.encryption.value,
        startup=row.startup,
        wanted=row.wanted,
        state=state,
        reason=reason,
        listening=tuple(status.listening.split()) if status is not None else (),
        connections=status.connections if status is not None else 0,
        max_connections=row.max_connections,
        max_connections_per_address=row.max_connections_per_address,
        settled=status is None or (status.generation >= row.generation and status.state != "starting"),
        spoken=status is not None,
    )
