"""View models of the accounts pages."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from directory import accounts as directory_accounts
from directory.accounts import AccountInfo
from mailstore import statistics
from security import methods as security_methods
from security.policy import METHODS, NEEDS_BINDING, PLAINTEXT, current

# A browser shows a few suggestions; the whole of a large directory would be megabytes.
SUGGESTIONS = 200
FULL_CAUTION, FULL_CRITICAL = 80, 90  # per cent of the quota


@dataclass(frozen=True, slots=True)
class Fill:
    """How full a mailbox is; percent is None without a quota."""

    used: int
    messages: int
    quota: int

    @property
    def percent(self) -> int | None:
        return min(100, self.used * 100 // self.quota) if self.quota else None

    @property
    def grade(self) -> str:
        """The class of the progress bar."""
        percent = self.percent or 0
        if percent >= FULL_CRITICAL:
            return "progress-critical"
        return "progress-caution" if percent >= FULL_CAUTION else ""


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A row of the accounts page."""

    account: AccountInfo
    fill: Fill
    legacy: str  # the old challenge methods for which it keeps a secret


def account_rows(found: list[AccountInfo]) -> list[AccountRow]:
    """The rows of a page of accounts: two queries, however many they are."""
    ids = [account.id for account in found]
    usages = statistics.usages(ids)
    legacy = security_methods.legacy_secrets(ids)
    return [
        AccountRow(account, fill_of(account, *usages.get(account.id, (0, 0))), ", ".join(legacy.get(account.id, ())))
        for account in found
    ]


def fill_of(account: AccountInfo, used: int, messages: int) -> Fill:
    return Fill(used=used, messages=messages, quota=account.quota_bytes)


@dataclass(frozen=True, slots=True)
class MethodUse:
    """Whether an account can sign in by a method, and why not."""

    name: str
    works: bool
    note: str


def methods_of(account: AccountInfo) -> list[MethodUse]:
    """Every method of this version."""
    able, on = security_methods.methods_of(account.id), current().mechanisms
    return [MethodUse(name, name in able, _note(name, name in able, name in on)) for name in METHODS]


def _note(name: str, works: bool, is_on: bool) -> str:
    if not is_on:
        return _("switched off")
    if not works:
        return _("no secret kept")
    inside_tls = (current().level > 0 and name in PLAINTEXT) or name in NEEDS_BINDING
    return _("inside TLS") if inside_tls else ""


def account_suggestions() -> list[AccountInfo]:
    """Accounts to suggest in a field that takes an address."""
    return directory_accounts.list_accounts(limit=SUGGESTIONS)
