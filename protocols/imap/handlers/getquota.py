"""GETQUOTA (RFC 9208 section 4.1.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.imap.answer import Answer, no
from protocols.imap.quotas import find_root, quota_line
from protocols.imap.wire.commands.getquota import GetQuota

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: GetQuota) -> Answer:
    """Usage and limits of a quota root; another's is as if it were not there."""
    account = find_root(session, command.root)
    if account is None:
        return no("There is no such quota root", b"NONEXISTENT")
    return Answer(untagged=quota_line(account, command.root))
