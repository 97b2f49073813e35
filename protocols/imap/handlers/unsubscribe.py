"""UNSUBSCRIBE (RFC 3501 section 6.3.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore import mailboxes
from protocols.imap.answer import Answer
from protocols.imap.wire.commands.unsubscribe import Unsubscribe

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Unsubscribe) -> Answer:
    """Off the list."""
    mailboxes.unsubscribe(session.account_id, command.mailbox)
    return Answer("Unsubscribed")
