"""GETACL (RFC 4314 section 3.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore import mailboxes
from mailstore.acl import list_acl
from protocols.imap.acl import acl_line
from protocols.imap.answer import Answer
from protocols.imap.wire.commands.getacl import GetAcl

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: GetAcl) -> Answer:
    """For who has the "a" right; who may not even look the mailbox up hears that there is none (section 6)."""
    info = mailboxes.get_mailbox(session.account_id, command.mailbox)
    return Answer(untagged=acl_line(info.name, list_acl(session.account_id, info.id), utf8=session.utf8))
