"""GETQUOTAROOT (RFC 9208 section 4.1.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from directory.accounts import find_account_by_id
from mailstore import rights
from mailstore.mailboxes import get_mailbox
from mailstore.names import canonical, is_reserved
from protocols.imap.answer import Answer
from protocols.imap.quotas import quota_line
from protocols.imap.wire.commands.getquotaroot import GetQuotaRoot
from protocols.imap.wire.response import mailbox, string

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: GetQuotaRoot) -> Answer:
    """All mailboxes of an account, those to come included, are under its one root; public folders under none."""
    account = session.account
    assert account is not None
    if is_reserved(command.mailbox):
        return _of_another(session, command.mailbox)
    name = canonical(command.mailbox)  # BadMailboxName: it could not be made
    line = b"* QUOTAROOT %b %b\r\n" % (mailbox(name, utf8=session.utf8), string(account.address.encode()))
    return Answer(untagged=line + quota_line(account))


def _of_another(session: ImapSession, name: str) -> Answer:
    """What is stored there counts for its owner. Needs the "r" right (section 8)."""
    info = get_mailbox(session.account_id, name)
    rights.require(info.rights, rights.READ)
    owner = find_account_by_id(info.account_id)
    root = b" " + string(owner.address.encode()) if owner else b""
    line = b"* QUOTAROOT %b%b\r\n" % (mailbox(info.name, utf8=session.utf8), root)
    return Answer(untagged=line + (quota_line(owner) if owner else b""))
