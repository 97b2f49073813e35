"""DELETE (RFC 3501 section 6.3.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore import mailboxes
from protocols.imap.answer import Answer
from protocols.imap.wire.commands.delete import Delete

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Delete) -> Answer:
    """A mailbox with children stays as a \\Noselect name."""
    mailboxes.delete_mailbox(session.account_id, command.mailbox)
    return Answer("Mailbox deleted")
