"""EXPUNGE and UID EXPUNGE (RFC 3501 section 6.4.3, RFC 4315 section 2.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore.messages import expunge
from protocols.imap.answer import Answer, no
from protocols.imap.wire.commands.expunge import Expunge

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Expunge) -> Answer:
    """The EXPUNGE responses come with the news of the mailbox."""
    view = session.selected
    if view.read_only:
        return no("The mailbox is read-only", b"READ-ONLY")
    if command.uids is None:
        expunge(view.account_id, view.mailbox_id)
    elif stretches := view.indexes(command.uids, uid=True):
        expunge(view.account_id, view.mailbox_id, view.uids_in(stretches))
    return Answer("Expunged")
