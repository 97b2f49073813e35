"""MYRIGHTS (RFC 4314 section 3.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore import mailboxes, rights
from mailstore.errors import NoSuchMailbox
from protocols.imap.acl import myrights_line
from protocols.imap.answer import Answer
from protocols.imap.wire.commands.myrights import MyRights

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: MyRights) -> Answer:
    """For who has one of the rights l, r, i, k, x and a (section 4)."""
    info = mailboxes.get_mailbox(session.account_id, command.mailbox)
    if not info.rights & rights.ANY:
        raise NoSuchMailbox(command.mailbox)
    return Answer(untagged=myrights_line(info, utf8=session.utf8))
