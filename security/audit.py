"""Who changed what, and who logged in where."""

import time
from dataclasses import dataclass

from security.models import AuditRecord

MAX_DETAIL = 4000  # characters: a record is a line to read, not a dump


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the audit log."""

    at: int  # Unix seconds
    actor: str
    remote_address: str
    action: str
    detail: str


def record(action: str, actor: str = "", remote_address: str = "", detail: str = "") -> None:
    """Add a line; inside a transaction it stands or falls with it."""
    AuditRecord.objects.create(
        at=int(time.time()),
        actor=actor[:320],
        remote_address=remote_address[:45],
        action=action[:60],
        detail=detail[:MAX_DETAIL],
    )


def list_records(offset: int = 0, limit: int = 50, *, actor: str = "") -> list[AuditEntry]:
    """A page, the newest first."""
    found = AuditRecord.objects.filter(actor=actor) if actor else AuditRecord.objects.all()
    columns = ("at", "actor", "remote_address", "action", "detail")
    return [AuditEntry(*row) for row in found.order_by("-pk").values_list(*columns)[offset : offset + limit]]


def count_records(*, actor: str = "") -> int:
    return (AuditRecord.objects.filter(actor=actor) if actor else AuditRecord.objects.all()).count()
