"""COMPRESS (RFC 4978 section 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.imap.answer import Answer, bad, no
from protocols.imap.wire.commands.compress import Compress

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Compress) -> Answer:
    """Behind the OK both sides compress; once."""
    if session.compressing:
        return bad("Compression is active already")
    if session.peer.tls is not None and session.peer.tls.compression:
        return no("TLS compresses already", b"COMPRESSIONACTIVE")
    return Answer("DEFLATE active", compress=True)
