"""UNAUTHENTICATE (RFC 8437 section 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.imap import options
from protocols.imap.answer import Answer, bad
from protocols.imap.capabilities import announce
from protocols.imap.wire.commands.unauthenticate import Unauthenticate

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Unauthenticate) -> Answer:
    """Back to before the login: nothing of it is kept, and nothing is expunged. NO is not among the answers."""
    if not options.unauthenticate():
        return bad("UNAUTHENTICATE is switched off here")
    answer = Answer("Logged out; the connection stays", compress=False if session.compressing else None)
    session.forget_login()
    answer.code = b"CAPABILITY " + announce(session)
    return answer
