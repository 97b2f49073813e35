"""CLOSE (RFC 3501 section 6.4.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore import rights
from mailstore.messages import expunge
from protocols.imap.answer import Answer
from protocols.imap.wire.commands.close import Close

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Close) -> Answer:
    """Expunge without a word, then leave; a mailbox from EXAMINE is left as it is, and one where the "e" right is
    missing (RFC 4314 section 4)."""
    view = session.selected
    if not view.read_only and view.rights & rights.EXPUNGE:
        expunge(view.account_id, view.mailbox_id)
    session.select(None)
    return Answer("Closed")
