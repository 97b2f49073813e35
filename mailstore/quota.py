"""Quota: what an account uses and may use."""

from dataclasses import dataclass

from mailstore.models import Usage


@dataclass(frozen=True, slots=True)
class QuotaUsage:
    """size and quota_bytes in octets; a quota of 0 is no limit."""

    size: int
    messages: int
    quota_bytes: int
    quota_messages: int


def usage(account_id: int) -> QuotaUsage:
    """The running totals of the account over all mailboxes; zeros for one without mail."""
    columns = ("size", "messages", "account__quota_bytes", "account__quota_messages")
    found = Usage.objects.filter(pk=account_id).values_list(*columns).first()
    return QuotaUsage(*(found or (0, 0, 0, 0)))
