"""The failed logins that the throttle still remembers, for the console to show."""

from dataclasses import dataclass

from security.models import AuthenticationFailure


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed login."""

    account: str  # the address that was tried
    remote_address: str
    at: int  # Unix seconds


def list_failures(since: int, limit: int = 5) -> list[Failure]:
    """The newest first."""
    rows = AuthenticationFailure.objects.filter(failed_at__gt=since).order_by("-pk")
    return [Failure(*row) for row in rows.values_list("account_address", "remote_address", "failed_at")[:limit]]


def count_failures(since: int) -> int:
    return AuthenticationFailure.objects.filter(failed_at__gt=since).count()
