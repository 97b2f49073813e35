"""CHECK (RFC 3501 section 6.4.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.imap.answer import Answer
from protocols.imap.wire.commands.check import Check

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Check) -> Answer:
    """Everything is durable when it is answered: there is nothing left to do."""
    return Answer()
