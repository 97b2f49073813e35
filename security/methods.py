"""Which login methods an account can use: the policy's switches and the secrets that are kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from directory import accounts
from directory.site import hostname
from security.derived import COLUMNS, SEALED
from security.models import Credential
from security.policy import current


@dataclass(frozen=True, slots=True)
class MethodUse:
    """How many accounts can use a method now."""

    mechanism: str
    accounts: int
    is_on: bool


def methods_of(account_id: int) -> tuple[str, ...]:
    """The methods that are switched on and for which the account has its secret, in the order of METHODS."""
    row = Credential.objects.filter(account_id=account_id).values(*COLUMNS.values(), "digest_md5_realm").first()
    if row is None:
        return ()
    return tuple(name for name in current().mechanisms if name not in COLUMNS or _has(row, COLUMNS[name]))


def count_by_method(mechanisms: tuple[str, ...]) -> list[MethodUse]:
    """For each of these methods: how many accounts have what it needs, and whether it is switched on."""
    filled = {column: Q(**{f"{column}__isnull": False}) for column in COLUMNS.values()}
    filled["scram_sha256"] = ~Q(scram_sha256="")
    filled["digest_md5"] &= Q(digest_md5_realm=hostname())
    counts = Credential.objects.aggregate(**{f"with_{column}": Count("pk", filter=q) for column, q in filled.items()})
    everybody = accounts.count_accounts()
    on = current().mechanisms
    return [
        MethodUse(name, counts[f"with_{COLUMNS[name]}"] if name in COLUMNS else everybody, name in on)
        for name in mechanisms
    ]


def legacy_secrets(account_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """For which old challenge methods each of these accounts keeps a secret of its own; one query."""
    columns = {name: sealed.column for name, sealed in SEALED.items()}
    rows = Credential.objects.filter(account_id__in=account_ids).values("account_id", *columns.values())
    return {row["account_id"]: tuple(name for name in columns if row[columns[name]] is not None) for row in rows}


def _has(row: Mapping[str, object], column: str) -> bool:
    return bool(row[column]) and (column != "digest_md5" or row["digest_md5_realm"] == hostname())
