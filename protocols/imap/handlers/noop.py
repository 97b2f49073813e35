"""NOOP (RFC 3501 section 6.1.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.imap.answer import Answer
from protocols.imap.wire.commands.noop import Noop

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Noop) -> Answer:
    """News of the selected mailbox come with every answer."""
    return Answer()
