"""CANCELUPDATE (RFC 5267 section 4.3.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.imap.answer import Answer, no
from protocols.imap.wire.commands.cancelupdate import CancelUpdate

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: CancelUpdate) -> Answer:
    """All that are named, or none where one of them is not there."""
    contexts = session.selected.contexts
    if any(tag not in contexts for tag in command.tags):
        return no("No search of that tag is being updated")
    for tag in command.tags:
        contexts.cancel(tag)
    return Answer("No further updates")
