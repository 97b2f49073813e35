"""APPEND (RFC 3501 section 6.3.11, RFC 3502) with APPENDUID (RFC 4315 section 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore import mailboxes
from mailstore.append import append_messages
from mailstore.errors import NoSuchMailbox
from protocols.imap.admitting import check_large
from protocols.imap.answer import Answer
from protocols.imap.composing import Refused, compose
from protocols.imap.errors import missing_target
from protocols.imap.renamed import named
from protocols.imap.wire.commands.append import Append
from protocols.imap.wire.sequences import compact

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Append) -> Answer:
    """OK means that the messages are on disk, all of them; otherwise none is."""
    try:
        target = mailboxes.get_mailbox(session.account_id, command.mailbox)
        check_large(target.account_id, command.messages)
        result = append_messages(session.account_id, target.id, compose(session, command.messages))
    except NoSuchMailbox:
        return missing_target()
    except Refused as refused:
        return refused.answer
    finally:
        for message in command.messages:
            message.close()
    session.made(target.id, result.uids)
    told = named(session, target, command.mailbox)
    code = b"APPENDUID %d %b" % (result.uid_validity, compact(result.uids))
    return Answer("Appended", code=code, untagged=told)
