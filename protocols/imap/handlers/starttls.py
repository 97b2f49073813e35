"""STARTTLS (RFC 3501 section 6.2.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.imap.answer import Answer, bad
from protocols.imap.wire.commands.starttls import StartTls

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: StartTls) -> Answer:
    """Once: inside TLS there is no STARTTLS."""
    if session.peer.tls is not None:
        return bad("TLS is active already")
    return Answer("Begin TLS negotiation now", start_tls=True)
