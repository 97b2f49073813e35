"""NAMESPACE (RFC 2342)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.imap.answer import Answer
from protocols.imap.wire.commands.namespace import Namespace

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Namespace) -> Answer:
    """One personal namespace; other users' and shared ones do not exist."""
    return Answer(untagged=b'* NAMESPACE (("" "/")) NIL NIL\r\n')
