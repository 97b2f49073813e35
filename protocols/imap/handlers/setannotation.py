"""SETANNOTATION (draft-daboo-imap-annotatemore-07)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore.errors import TooManyEntries, ValueTooLarge
from protocols.imap.annotatemore import to_values
from protocols.imap.answer import Answer, no
from protocols.imap.metadata import find_place, may_set, store
from protocols.imap.wire.commands.setannotation import SetAnnotation

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: SetAnnotation) -> Answer:
    """All entries or none."""
    values = to_values(command.entries)
    if values is None:
        return no("A content type goes with a value", b"CANNOT")
    place = find_place(session, command.mailbox)
    if not may_set(session, place, values):
        return no("Only an administrator sets this", b"NOPERM")
    try:
        store(session, place, values)
    except ValueTooLarge:
        return no("The value is too large", b"ANNOTATEMORE TOOBIG")
    except TooManyEntries:
        return no("There are too many annotations", b"ANNOTATEMORE TOOMANY")
    return Answer()
