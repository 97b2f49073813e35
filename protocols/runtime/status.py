"""What a supervising process says of its services, for the console to read."""

import socket
import time
from dataclasses import dataclass

from django.db import transaction

from mailstore import writer
from protocols.models import Service, ServiceStatus

# Seconds between two looks at the Service rows: a change takes effect well within a second.
POLL_SECONDS = 0.25
# Seconds between signs of life while nothing changes.
HEARTBEAT_SECONDS = 3.0
# Seconds after which a status without a sign of life says nothing any more: its process is gone or stuck.
STALE_AFTER = 10.0


@dataclass(slots=True)
class State:
    """What is to be said of one service."""

    state: str = "stopped"  # starting, running, stopped, failed
    reason: str = ""  # Problem.dump()
    listening: str = ""  # an address a line
    generation: int = 0
    connections: int = 0


class Board:
    """The statuses of one process's services; written when one changes, and as a heartbeat."""

    def __init__(self) -> None:
        self.host = socket.gethostname()
        self.states: dict[str, State] = {}
        self._written: dict[str, tuple[str, str, str, int]] = {}
        self._written_at = 0.0

    def set(self, name: str, state: State) -> None:
        """What write() will say of a service."""
        self.states[name] = state

    def write(self, *, at_once: bool = False) -> None:
        """Write if something changed, or the heartbeat is due."""
        told = {name: (each.state, each.reason, each.listening, each.generation) for name, each in self.states.items()}
        now = time.time()
        if not at_once and told == self._written and now < self._written_at + HEARTBEAT_SECONDS:
            return
        states = dict(self.states)
        writer.write(lambda: _save(self.host, states, now))
        self._written, self._written_at = told, now


def _save(host: str, states: dict[str, State], now: float) -> None:
    services = dict(Service.objects.filter(name__in=states).values_list("name", "pk"))
    ServiceStatus.objects.bulk_create(
        [
            ServiceStatus(
                service_id=services[name],
                host=host,
                state=each.state,
                reason=each.reason,
                listening=each.listening,
                generation=each.generation,
                connections=each.connections,
                heartbeat_at=now,
            )
            for name, each in states.items()
            if name in services
        ],
        update_conflicts=True,
        unique_fields=["service", "host"],
        update_fields=["state", "reason", "listening", "generation", "connections", "heartbeat_at"],
    )


def forget(names: list[str]) -> None:
    """Take back what this host said of some services."""
    with transaction.atomic():
        ServiceStatus.objects.filter(host=socket.gethostname(), service__name__in=names).delete()
