"""DELETE (RFC 3501 section 6.3.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore import mailboxes
from protocols.imap.answer import Answer
from protocols.imap.renamed import deleted
from protocols.imap.wire.commands.delete import Delete

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Delete) -> Answer:
    """A mailbox with children stays as a \\Noselect name."""
    info = mailboxes.get_mailbox(session.account_id, command.mailbox)
    mailboxes.delete_mailbox(session.account_id, info.name)
    if session.view is not None and session.view.mailbox_id == info.id:
        session.select(None)
    return Answer("Mailbox deleted", untagged=deleted(session, info.name, command.mailbox))
