"""EXAMINE (RFC 3501 section 6.3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.imap.answer import Answer
from protocols.imap.selecting import open_mailbox
from protocols.imap.wire.commands.examine import Examine

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Examine) -> Answer:
    """Nothing is changed by it, \\Recent included."""
    return open_mailbox(session, command, read_only=True)
