"""COPY and UID COPY (RFC 3501 section 6.4.7) with COPYUID (RFC 4315 section 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore import mailboxes
from mailstore.errors import NoSuchMailbox
from mailstore.messages import copy_messages
from protocols.imap.answer import Answer, bad
from protocols.imap.copyuid import copyuid
from protocols.imap.errors import missing_target
from protocols.imap.wire.commands.copy import Copy

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Copy) -> Answer:
    """All or nothing: the store copies in one transaction."""
    view = session.selected
    stretches = view.indexes(command.messages, uid=command.uid)
    if stretches is None:
        return bad("There is no such message")
    try:
        target = mailboxes.get_mailbox(session.account_id, command.mailbox)
        result = copy_messages(view.account_id, view.mailbox_id, view.uids_in(stretches), target.id)
    except NoSuchMailbox:
        return missing_target()
    return Answer("Copied", code=copyuid(result))
