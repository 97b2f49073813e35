"""SELECT (RFC 3501 section 6.3.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.imap.answer import Answer
from protocols.imap.selecting import open_mailbox
from protocols.imap.wire.commands.select import Select

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Select) -> Answer:
    """Read and write."""
    return open_mailbox(session, command, read_only=False)
