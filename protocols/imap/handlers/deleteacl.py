"""DELETEACL (RFC 4314 section 3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore import mailboxes, rights
from mailstore.acl import delete_rights, find_identifier
from protocols.imap.answer import Answer
from protocols.imap.wire.commands.deleteacl import DeleteAcl

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: DeleteAcl) -> Answer:
    """For who has the "a" right. "-fred" is an identifier of its own: that of "fred" does not go with it."""
    info = mailboxes.get_mailbox(session.account_id, command.mailbox)
    rights.require(info.rights, rights.ADMINISTER)  # before a word on who is there
    delete_rights(session.account_id, info.id, find_identifier(command.identifier.text))
    return Answer("Rights deleted")
