"""AUTHENTICATE (RFC 3501 section 6.2.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.imap import login
from protocols.imap.answer import Answer
from protocols.imap.wire.commands.authenticate import Authenticate
from protocols.runtime.session import Reply

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Authenticate) -> Answer | Reply:
    """Begin an exchange; its further lines come to it by way of the session."""
    return login.start(session, command.tag, command.mechanism, command.initial)
