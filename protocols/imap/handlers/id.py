"""ID (RFC 2971)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.imap.answer import Answer
from protocols.imap.wire.commands.id import Id

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Id) -> Answer:
    """Our name and no version: nobody should pick a hole by it (RFC 2971 section 4)."""
    return Answer(untagged=b'* ID ("name" "Facteur")\r\n')
