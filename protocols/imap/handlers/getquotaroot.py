"""GETQUOTAROOT (RFC 9208 section 4.1.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore.names import canonical
from protocols.imap.answer import Answer
from protocols.imap.quotas import quota_line
from protocols.imap.wire.commands.getquotaroot import GetQuotaRoot
from protocols.imap.wire.response import mailbox, string

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: GetQuotaRoot) -> Answer:
    """All mailboxes of the account, those to come included, are under its one root."""
    account = session.account
    assert account is not None
    name = canonical(command.mailbox)  # BadMailboxName: it could not be made
    line = b"* QUOTAROOT %b %b\r\n" % (mailbox(name, utf8=session.utf8), string(account.address.encode()))
    return Answer(untagged=line + quota_line(account))
