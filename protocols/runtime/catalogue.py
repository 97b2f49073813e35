"""The services there are. What an administrator may choose of them is in the Service rows."""

import enum
from dataclasses import dataclass

from django.conf import settings

from protocols.models import Service


class Encryption(enum.StrEnum):
    """How a service gets its TLS."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


class Process(enum.Enum):
    """Who runs a service's listener."""

    MAIL = "mail"  # the mail worker
    WEB = "web"  # a gunicorn of its own


@dataclass(frozen=True, slots=True)
class Kind:
    """A service that this version offers."""

    name: str
    title: str
    port: int  # by default; IANA's
    encryption: Encryption
    process: Process = Process.MAIL


CATALOGUE: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("smtp", "SMTP", 25, Encryption.STARTTLS),
        Kind("submission", "Submission", 587, Encryption.STARTTLS),
        Kind("smtps", "SMTPS", 465, Encryption.TLS),
        Kind("imap", "IMAP", 143, Encryption.STARTTLS),
        Kind("imaps", "IMAPS", 993, Encryption.TLS),
        Kind("pop3", "POP3", 110, Encryption.STARTTLS),
        Kind("pop3s", "POP3S", 995, Encryption.TLS),
        Kind("http", "HTTP", 80, Encryption.NONE, Process.WEB),
        Kind("https", "HTTPS", 443, Encryption.TLS, Process.WEB),
    )
}


def names_of(process: Process) -> list[str]:
    """The names of the services that a kind of process runs."""
    return [kind.name for kind in CATALOGUE.values() if kind.process is process]


def ensure_rows() -> None:
    """Make the rows of services that have none yet (the first start, or a version that brings a new service)."""
    Service.objects.bulk_create(
        [Service(name=kind.name, port=kind.port) for kind in CATALOGUE.values()], ignore_conflicts=True
    )


def real_port(port: int) -> int:
    """The port to bind: the row's plus PORT_OFFSET, so that a server without privileges can run beside another."""
    return port + int(settings.PORT_OFFSET)


def addresses_of(text: str) -> tuple[str, ...]:
    """The addresses of a row, one a line; without any, settings.BIND."""
    return tuple(text.split()) or tuple(part.strip() for part in str(settings.BIND).split(",") if part.strip())
