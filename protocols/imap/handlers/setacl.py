"""SETACL (RFC 4314 section 3.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore import mailboxes, rights
from mailstore.acl import find_identifier, set_rights
from protocols.imap.answer import Answer
from protocols.imap.wire.commands.setacl import SetAcl

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: SetAcl) -> Answer:
    """For who has the "a" right. The owner's own rights are fixed: to ask for others is refused."""
    info = mailboxes.get_mailbox(session.account_id, command.mailbox)
    rights.require(info.rights, rights.ADMINISTER)  # before a word on who is there
    who = find_identifier(command.identifier.text)
    set_rights(session.account_id, info.id, who, command.mode, rights.parse(command.letters))
    return Answer("Rights set")
