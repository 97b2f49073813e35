"""Where mail for an address goes.

One query answers the usual case; it is plain SQL because an ORM union takes ten times as long to
build as to run. tests/unit/directory/test_routing.py holds it against the models.
"""

from dataclasses import dataclass
from typing import Literal

from django.db import connection

from directory.addresses import fold_address, split_address, without_detail
from directory.domains import primary_domain
from directory.models import Account

POSTMASTER = "postmaster"

# rank, account: 0 account, 1 alias, 2 group members, 3 catch-all of the domain (NULL: none; no row: foreign).
_SQL = """
SELECT 0, id FROM directory_account WHERE address = %s
UNION ALL SELECT 1, account_id FROM directory_alias WHERE address = %s
UNION ALL SELECT 2, m.account_id FROM directory_group g
    JOIN directory_group_members m ON m.group_id = g.id WHERE g.address = %s
UNION ALL SELECT 3, catch_all_id FROM directory_domain WHERE name = %s
"""
_CATCH_ALL = 3


@dataclass(frozen=True, slots=True)
class Route:
    """local: deliver to account_ids · unknown: our domain, nobody there · foreign: not our domain."""

    kind: Literal["local", "unknown", "foreign"]
    account_ids: tuple[int, ...] = ()


UNKNOWN = Route("unknown")
FOREIGN = Route("foreign")


def resolve(address: str) -> Route:
    """Account, alias or group of that name; then without its +detail; then postmaster; then the catch-all.

    Disabled accounts still receive. What is no address at all is foreign. "postmaster" without a
    domain is the primary domain's (RFC 5321 section 4.5.1).
    """
    try:
        folded = fold_address(_with_domain(address))
        localpart, domain = split_address(folded)
    except ValueError:
        return FOREIGN
    named, is_local, catch_all = _look_up(folded, domain)
    if not is_local:
        return FOREIGN
    base = without_detail(localpart)
    if not named and base is not None:
        named = _look_up(f"{base}@{domain}", domain)[0]
    if not named and POSTMASTER in (localpart, base):
        named = _first_administrator()
    if not named and catch_all is not None:
        named = (catch_all,)
    return Route("local", named) if named else UNKNOWN


def _with_domain(address: str) -> str:
    return f"{POSTMASTER}@{primary_domain()}" if address.casefold() == POSTMASTER else address


def _look_up(folded: str, domain: str) -> tuple[tuple[int, ...], bool, int | None]:
    """Account ids of that exact name, whether the domain is ours, and its catch-all."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [folded, folded, folded, domain])
        rows = cursor.fetchall()
    named = tuple(sorted(account for rank, account in rows if rank != _CATCH_ALL))
    ours = [account for rank, account in rows if rank == _CATCH_ALL]
    return named, bool(ours), ours[0] if ours else None


def _first_administrator() -> tuple[int, ...]:
    """Mail to postmaster must reach a person, so an administrator who can log in comes first."""
    candidates = Account.objects.people().order_by("-is_admin", "-is_enabled", "pk").values_list("pk", flat=True)
    return tuple(candidates[:1])
