"""The Service rows as a supervising process reads them, four times a second."""

from dataclasses import dataclass

from protocols.models import Service
from protocols.runtime.catalogue import addresses_of, real_port


@dataclass(frozen=True, slots=True)
class Row:
    """What is wanted of one service."""

    name: str
    wanted: bool
    port: int  # the real one
    addresses: tuple[str, ...]
    max_connections: int
    max_connections_per_address: int
    generation: int


def read_rows(names: list[str]) -> list[Row]:
    """The rows of some services."""
    found = Service.objects.filter(name__in=names).values_list(
        "name", "wanted", "port", "addresses", "max_connections", "max_connections_per_address", "generation"
    )
    return [
        Row(name, wanted, real_port(port), addresses_of(addresses), most, most_per_address, generation)
        for name, wanted, port, addresses, most, most_per_address, generation in found
    ]


def apply_startup() -> None:
    """At the start of the server: what is automatic shall listen, the rest waits for the console."""
    Service.objects.filter(startup=Service.Startup.AUTOMATIC, wanted=False).update(wanted=True)
    Service.objects.exclude(startup=Service.Startup.AUTOMATIC).filter(wanted=True).update(wanted=False)
