"""SEARCH and UID SEARCH (RFC 3501 section 6.4.4, RFC 4731, RFC 5182, RFC 5267, RFC 6203)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.imap import answering
from protocols.imap.answer import Answer
from protocols.imap.wire.commands.search import Search

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Search) -> Answer:
    """In mailbox order; an ESEARCH response where there are return options."""
    return answering.run(session, command.tag, command.options, command.program, uid=command.uid)
