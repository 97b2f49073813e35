"""LISTRIGHTS (RFC 4314 section 3.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore import mailboxes, rights
from mailstore.acl import find_identifier, grantable
from protocols.imap.acl import listrights_line
from protocols.imap.answer import Answer
from protocols.imap.wire.commands.listrights import ListRights

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: ListRights) -> Answer:
    """For who has the "a" right. The identifier comes back as it was written."""
    info = mailboxes.get_mailbox(session.account_id, command.mailbox)
    rights.require(info.rights, rights.ADMINISTER)  # before a word on who is there
    always, optional = grantable(session.account_id, info.id, find_identifier(command.identifier.text))
    line = listrights_line(info.name, command.identifier.written, always, optional, utf8=session.utf8)
    return Answer(untagged=line)
