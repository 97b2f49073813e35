"""GETMETADATA (RFC 5464 section 4.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore.metadata import get_metadata
from protocols.imap.answer import Answer
from protocols.imap.metadata import find_place, metadata_line
from protocols.imap.wire.commands.getmetadata import GetMetadata

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: GetMetadata) -> Answer:
    """What has no value is NIL; what is too large for the client is left out, and the largest size told."""
    place = find_place(session, command.mailbox)
    found = get_metadata(session.account_id, place.id if place else None, command.entries, command.depth)
    sizes = [len(value.octets) for value in found.values() if value is not None]
    told = {
        entry: None if value is None else value.octets
        for entry, value in found.items()
        if value is None or command.max_size is None or len(value.octets) <= command.max_size
    }
    answer = Answer(untagged=metadata_line(place.name if place else "", told, utf8=session.utf8) if told else b"")
    if len(told) < len(found):
        answer.code = b"METADATA LONGENTRIES %d" % max(sizes)
    return answer
