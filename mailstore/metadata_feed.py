"""Which annotations others changed (RFC 5464 section 4.4): by the ids of their rows, which grow.

An account's rows are written under its lock, so that a lower id is never committed behind a higher one.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max, Q

from mailstore.errors import NoSuchMailbox
from mailstore.mailbox_info import get_mailbox_by_id
from mailstore.models import Metadata


@dataclass(frozen=True, slots=True)
class Seen:
    """Up to which row a session has heard: of its account's own, and of the server's."""

    own: int
    server: int


def newest(account_id: int) -> Seen:
    """Nothing that there is now is news."""
    latest = Metadata.objects.aggregate(
        own=Max("pk", filter=Q(account_id=account_id)), server=Max("pk", filter=Q(account_id=None))
    )
    return Seen(latest["own"] or 0, latest["server"] or 0)


def changes_since(account_id: int, seen: Seen, own: Iterable[int] = ()) -> tuple[Seen, dict[str, list[str]]]:
    """How far it has gone, and the entries that others changed by mailbox name ("": the server).

    own: ids that the asking session wrote itself.
    """
    rows = Metadata.objects.filter(
        Q(account_id=account_id, pk__gt=seen.own) | Q(account_id=None, pk__gt=seen.server)
    ).order_by("pk")
    mine = frozenset(own)
    names: dict[int | None, str] = {}
    found: dict[str, list[str]] = {}
    for pk, filed_under, mailbox_id, entry in rows.values_list("pk", "account_id", "mailbox_id", "entry"):
        seen = Seen(seen.own, pk) if filed_under is None else Seen(pk, seen.server)
        if pk in mine:
            continue
        try:
            name = names.get(mailbox_id) or _name(account_id, mailbox_id)
        except NoSuchMailbox:
            continue  # it went since
        names[mailbox_id] = name
        found.setdefault(name, []).append(entry)
    return seen, found


def _name(account_id: int, mailbox_id: int | None) -> str:
    return "" if mailbox_id is None else get_mailbox_by_id(account_id, mailbox_id).name
