"""STATUS (RFC 3501 section 6.3.10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore import mailboxes, rights
from mailstore.errors import NotSelectable
from protocols.imap.answer import Answer
from protocols.imap.mailbox_status import status_line
from protocols.imap.wire.commands.status import Status

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Status) -> Answer:
    """Of any mailbox, the selected one included, as the store has it now."""
    info = mailboxes.get_mailbox(session.account_id, command.mailbox)
    rights.require(info.rights, rights.READ)
    if not info.selectable:
        raise NotSelectable(command.mailbox)  # "NO - status failure: no status for that name"
    highest = session.want_modseqs() if "HIGHESTMODSEQ" in command.items else b""
    return Answer(untagged=highest + status_line(info, command.items, utf8=session.utf8))
