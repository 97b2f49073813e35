"""CAPABILITY (RFC 3501 section 6.1.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.imap.answer import Answer
from protocols.imap.capabilities import announce
from protocols.imap.wire.commands.capability import Capability

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Capability) -> Answer:
    """What is possible here and now."""
    return Answer(untagged=b"* CAPABILITY %b\r\n" % announce(session))
