"""Which login methods an account can use: the policy's switches and the secrets that are kept."""

from dataclasses import dataclass

from directory import accounts
from security.models import Credential
from security.passwords import CRAM_MD5
from security.policy import PLAINTEXT, current


@dataclass(frozen=True, slots=True)
class MethodUse:
    """How many accounts can use a method now."""

    mechanism: str
    accounts: int
    is_on: bool


def methods_of(account_id: int) -> tuple[str, ...]:
    """The mechanisms that are switched on and for which the account has its secret, strongest first."""
    row = Credential.objects.filter(account_id=account_id).values_list("scram_sha256", "cram_md5").first()
    has_scram, has_cram = (bool(row[0]), row[1] is not None) if row else (False, False)
    able = {"SCRAM-SHA-256-PLUS": has_scram, "SCRAM-SHA-256": has_scram, CRAM_MD5: has_cram}
    return tuple(name for name in current().mechanisms if able.get(name, name in PLAINTEXT and row is not None))


def count_by_method(mechanisms: tuple[str, ...]) -> list[MethodUse]:
    """For each of these mechanisms: how many accounts have what it needs, and whether it is switched on."""
    with_scram = Credential.objects.exclude(scram_sha256="").count()
    with_cram = Credential.objects.filter(cram_md5__isnull=False).count()
    counts = {"SCRAM-SHA-256-PLUS": with_scram, "SCRAM-SHA-256": with_scram, CRAM_MD5: with_cram}
    everybody = accounts.count_accounts()
    on = current().mechanisms
    return [MethodUse(name, counts.get(name, everybody), name in on) for name in mechanisms]


def accounts_with_legacy_secret(account_ids: list[int]) -> set[int]:
    """Which of these accounts keep a secret for an old challenge method (CRAM-MD5)."""
    kept = Credential.objects.filter(account_id__in=account_ids, cram_md5__isnull=False)
    return set(kept.values_list("account_id", flat=True))
