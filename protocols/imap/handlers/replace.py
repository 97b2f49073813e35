"""REPLACE and UID REPLACE (RFC 8508)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore import mailboxes
from mailstore.errors import NoSuchMailbox, NoSuchMessage
from mailstore.messages import replace_message
from protocols.imap.answer import Answer, bad, no
from protocols.imap.composing import Refused, compose
from protocols.imap.errors import missing_target
from protocols.imap.wire.commands.replace import Replace

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Replace) -> Answer:
    """APPENDUID goes before the EXPUNGE response, in an untagged OK (RFC 8508 section 4.3)."""
    try:
        return _replace(session, command)
    except NoSuchMailbox:
        return missing_target()
    except Refused as refused:
        return refused.answer
    finally:
        command.message.close()


def _replace(session: ImapSession, command: Replace) -> Answer:
    view = session.selected
    if view.read_only:
        return no("The mailbox is read-only", b"READ-ONLY")
    stretches = view.indexes(command.replaced, uid=command.uid)
    if stretches is None:
        return bad("There is no such message")
    if not stretches:
        raise NoSuchMessage("no message of that UID")
    target = mailboxes.get_mailbox(session.account_id, command.mailbox)
    (message,) = compose(session, [command.message])
    (uid,) = view.uids_in(stretches)
    result = replace_message(view.account_id, view.mailbox_id, uid, target.id, message)
    session.made(target.id, result.uids)
    code = b"APPENDUID %d %d" % (result.uid_validity, result.uids[0])
    return Answer("Replaced", untagged=session.say("OK", "The new message is there", code))
