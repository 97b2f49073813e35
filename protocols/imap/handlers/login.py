"""LOGIN (RFC 3501 section 6.2.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.imap import login
from protocols.imap.answer import Answer, no
from protocols.imap.wire.commands.login import Login
from protocols.runtime.session import Reply
from security import policy

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Login) -> Answer | Reply:
    """Refused without looking where LOGINDISABLED is announced."""
    if not policy.current().allows_plaintext(session.door):
        login.note_attempt(session, "LOGIN")  # the password was sent all the same
        return no("LOGIN is disabled here", b"CANNOT" if session.door.encrypted else b"PRIVACYREQUIRED")
    return login.by_password(session, command.tag, command.user, command.password)
