"""STATUS (RFC 3501 section 6.3.10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore import mailboxes
from protocols.imap.answer import Answer
from protocols.imap.mailbox_status import status_line
from protocols.imap.wire.commands.status import Status

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Status) -> Answer:
    """Of any mailbox, the selected one included, as the store has it now."""
    info = mailboxes.get_mailbox(session.account_id, command.mailbox)
    if "HIGHESTMODSEQ" in command.items:
        session.enabled.add("CONDSTORE")  # RFC 7162 section 3.1: a CONDSTORE enabling command
    return Answer(untagged=status_line(info, command.items))
