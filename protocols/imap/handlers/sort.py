"""SORT and UID SORT (RFC 5256, RFC 5267 section 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore.sorting import Criterion
from protocols.imap import answering
from protocols.imap.answer import Answer
from protocols.imap.wire.commands.sort import Sort

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Sort) -> Answer:
    """As SEARCH, in the order of the criteria."""
    criteria = [Criterion(key, reverse) for key, reverse in command.criteria]
    return answering.run(session, command.tag, command.options, command.program, uid=command.uid, criteria=criteria)
