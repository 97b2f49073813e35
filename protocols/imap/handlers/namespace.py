"""NAMESPACE (RFC 2342)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.imap.answer import Answer
from protocols.imap.namespaces import namespace_line
from protocols.imap.wire.commands.namespace import Namespace

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Namespace) -> Answer:
    """The prefixes, in the session's language too."""
    return Answer(untagged=namespace_line(session))
