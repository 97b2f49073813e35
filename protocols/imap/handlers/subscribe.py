"""SUBSCRIBE (RFC 3501 section 6.3.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore import mailboxes
from protocols.imap.answer import Answer
from protocols.imap.wire.commands.subscribe import Subscribe

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Subscribe) -> Answer:
    """A name on the list that LSUB gives."""
    mailboxes.subscribe(session.account_id, command.mailbox)
    return Answer("Subscribed")
