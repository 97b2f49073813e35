"""SETMETADATA (RFC 5464 section 4.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore import mailboxes
from mailstore.entries import SPECIAL_USE
from mailstore.metadata import Value
from protocols.imap.answer import Answer, no
from protocols.imap.metadata import find_place, may_set, metadata_line, store
from protocols.imap.wire.commands.setmetadata import SetMetadata

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: SetMetadata) -> Answer:
    """All entries or none. Where a special use went away from is told (RFC 6154 section 5.4)."""
    place = find_place(session, command.mailbox)
    values = {entry: None if octets is None else Value(octets) for entry, octets in command.values}
    if not may_set(session, place, values):
        return no("Only an administrator sets this", b"NOPERM")
    lost = store(session, place, values).lost
    names = [mailboxes.get_mailbox_by_id(session.account_id, each).name for each in lost]
    return Answer(untagged=b"".join(metadata_line(name, {SPECIAL_USE: None}, utf8=session.utf8) for name in names))
