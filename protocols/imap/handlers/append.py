"""APPEND (RFC 3501 section 6.3.11) with APPENDUID (RFC 4315 section 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore import mailboxes
from mailstore.append import NewMessage, append_messages
from mailstore.errors import NoSuchMailbox
from protocols.imap import internationalized
from protocols.imap.answer import Answer
from protocols.imap.errors import missing_target
from protocols.imap.wire.commands.append import Append

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Append) -> Answer:
    """OK means that the message is on disk."""
    try:
        target = mailboxes.get_mailbox(session.account_id, command.mailbox)
        data = command.message if isinstance(command.message, bytes) else command.message.getvalue()
        if refused := internationalized.refusal(session, data):
            return refused
        message = NewMessage(data, command.flags.mask, command.flags.keywords, command.internal_date)
        result = append_messages(session.account_id, target.id, [message])
    except NoSuchMailbox:
        return missing_target()
    finally:
        if not isinstance(command.message, bytes):
            command.message.close()
    return Answer("Appended", code=b"APPENDUID %d %d" % (result.uid_validity, result.uids[0]))
