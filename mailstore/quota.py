"""Quota: what an account uses and may use."""

from dataclasses import dataclass

from directory import accounts
from mailstore import sql, writer
from mailstore.flags import DELETED, is_set
from mailstore.models import Usage
from security import audit

_DELETED_SIZE = f"SELECT coalesce(sum(size), 0) FROM mailstore_entry WHERE mailbox_id = %s AND {is_set(DELETED)}"
MAX_QUOTA = 2**63 - 1  # the column


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


def deleted_size(mailbox_id: int) -> int:
    r"""Octets of the messages marked \Deleted, which an EXPUNGE would free."""
    found = sql.fetch_one(_DELETED_SIZE, (mailbox_id,))
    return int(found[0]) if found else 0


def set_quota(account_id: int, *, quota_bytes: int, quota_messages: int, actor: str, remote_address: str) -> None:
    """Set both limits of an account (0: none) and say in the audit log who did.

    Raises directory.errors.NotFound, StoreUnavailable.
    """

    def job() -> None:
        account = accounts.update_account(account_id, quota_bytes=quota_bytes, quota_messages=quota_messages)
        detail = f"{account.address}: quota_bytes, quota_messages"
        audit.record("account.update", actor=actor, remote_address=remote_address, detail=detail)

    writer.write(job)
