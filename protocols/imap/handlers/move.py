"""MOVE and UID MOVE (RFC 6851)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore import mailboxes
from mailstore.errors import NoSuchMailbox
from mailstore.messages import move_messages
from protocols.imap.answer import Answer, bad, no
from protocols.imap.copyuid import copyuid
from protocols.imap.errors import missing_target
from protocols.imap.wire.commands.move import Move

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Move) -> Answer:
    """COPYUID goes before the EXPUNGE responses, in an untagged OK (RFC 6851 section 4.3)."""
    view = session.selected
    if view.read_only:
        return no("The mailbox is read-only", b"READ-ONLY")
    stretches = view.indexes(command.messages, uid=command.uid)
    if stretches is None:
        return bad("There is no such message")
    try:
        target = mailboxes.get_mailbox(session.account_id, command.mailbox)
        result = move_messages(view.account_id, view.mailbox_id, view.uids_in(stretches), target.id)
    except NoSuchMailbox:
        return missing_target()
    code = copyuid(result)
    return Answer("Moved", untagged=session.say("OK", "Moved", code) if code else b"")
