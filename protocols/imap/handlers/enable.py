"""ENABLE (RFC 5161)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.imap.answer import Answer
from protocols.imap.capabilities import CAN_BE_ENABLED
from protocols.imap.metadata import MetadataNews
from protocols.imap.wire.commands.enable import Enable

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Enable) -> Answer:
    """ENABLED lists what this command switched on, not what was on before."""
    fresh = [name for name in dict.fromkeys(command.names) if name in CAN_BE_ENABLED.keys() - session.enabled]
    enabled = b"* ENABLED%b\r\n" % "".join(f" {CAN_BE_ENABLED[name]}" for name in fresh).encode()
    highest = session.want_modseqs() if {"CONDSTORE", "QRESYNC"}.intersection(fresh) else b""
    session.enabled.update(fresh)
    if "METADATA" in fresh:
        session.metadata = MetadataNews(session.account_id)
    if session.rev2 and session.view is not None:
        session.view.forget_recent()  # a client SHOULD enable before it selects; servers need not check (section 3.1)
    if session.view is not None:
        session.view.uid_only = session.uid_only
    return Answer(untagged=enabled + highest)
