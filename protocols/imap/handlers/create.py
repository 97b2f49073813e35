"""CREATE (RFC 3501 section 6.3.3) with USE (RFC 6154 section 3) and MAILBOXID (RFC 8474 section 4.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore import mailboxes
from protocols.imap import renamed
from protocols.imap.answer import Answer, no
from protocols.imap.object_ids import mailbox_id
from protocols.imap.wire.commands.create import Create

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession

_SPECIAL_USES = {use.lower(): use for use in mailboxes.SPECIAL_USES}


def handle(session: ImapSession, command: Create) -> Answer:
    """A delimiter at the end only says that children will come; missing parents are made.

    A mailbox has one special use at most; several mailboxes may have the same, as RFC 6154 section 3 allows.
    """
    if len(command.uses) > 1 or not command.uses <= _SPECIAL_USES.keys():
        return no("The mailbox cannot have this special use", b"USEATTR")
    special_use = "".join(_SPECIAL_USES[use] for use in command.uses)
    name = command.mailbox.removesuffix("/")
    made = mailboxes.create_mailbox(session.account_id, name, special_use)
    told = renamed.named(session, made, name)
    return Answer("Mailbox created", code=b"MAILBOXID (%b)" % mailbox_id(made.id), untagged=told)
