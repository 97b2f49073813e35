"""LOGOUT (RFC 3501 section 6.1.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.imap.answer import Answer
from protocols.imap.wire.commands.logout import Logout

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Logout) -> Answer:
    """BYE, then OK, then the end."""
    return Answer("Logged out", untagged=session.say("BYE", "Logging out"), close=True)
