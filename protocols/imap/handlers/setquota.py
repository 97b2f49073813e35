"""SETQUOTA (RFC 9208 section 4.1.3): administrators only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore.quota import MAX_QUOTA, set_quota
from protocols.imap.answer import Answer, no
from protocols.imap.quotas import UNIT, find_root, quota_line
from protocols.imap.wire.commands.setquota import SetQuota

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession

_UNITS = {"STORAGE": UNIT, "MESSAGE": 1}


def handle(session: ImapSession, command: SetQuota) -> Answer:
    """The limits that are named are set, the others are lifted; all or nothing."""
    account, admin = find_root(session, command.root), session.account
    assert admin is not None
    if account is None:
        return no("There is no such quota root", b"NONEXISTENT")
    if not admin.is_admin:
        return no("Only an administrator sets quotas", b"NOPERM")
    limits = {"STORAGE": 0, "MESSAGE": 0}
    for name, limit in command.limits:
        if name not in _UNITS:
            return no("This resource cannot be limited", b"CANNOT")
        limits[name] = limit * _UNITS[name]
        if not 0 < limits[name] <= MAX_QUOTA:
            # The store's 0 is "no limit", RFC 9208's "nothing is allowed".
            return no("This limit cannot be set", b"CANNOT")
    set_quota(
        account.id,
        quota_bytes=limits["STORAGE"],
        quota_messages=limits["MESSAGE"],
        actor=admin.address,
        remote_address=session.peer.remote_address,
    )
    return Answer(untagged=quota_line(account, command.root))
