"""UNSELECT (RFC 3691)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.imap.answer import Answer
from protocols.imap.wire.commands.unselect import Unselect

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Unselect) -> Answer:
    """Leave without expunging."""
    session.select(None)
    return Answer("Unselected")
