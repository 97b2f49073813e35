"""RENAME (RFC 3501 section 6.3.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore import mailboxes
from protocols.imap.answer import Answer
from protocols.imap.renamed import renamed
from protocols.imap.wire.commands.rename import Rename

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Rename) -> Answer:
    """Children come along; of INBOX the mail moves and INBOX stays."""
    info = mailboxes.rename_mailbox(session.account_id, command.mailbox, command.new_name.removesuffix("/"))
    stays = command.mailbox.upper() == mailboxes.INBOX
    return Answer("Mailbox renamed", untagged=b"" if stays else renamed(session, info, command.mailbox))
