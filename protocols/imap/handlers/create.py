"""CREATE (RFC 3501 section 6.3.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore import mailboxes
from protocols.imap.answer import Answer
from protocols.imap.wire.commands.create import Create

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Create) -> Answer:
    """A delimiter at the end only says that children will come; missing parents are made."""
    mailboxes.create_mailbox(session.account_id, command.mailbox.removesuffix("/"))
    return Answer("Mailbox created")
