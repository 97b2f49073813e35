"""STARTTLS (RFC 3207)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.runtime.session import Reply
from protocols.smtp.answers import say
from protocols.smtp.wire.commands import StartTls

if TYPE_CHECKING:
    from protocols.smtp.session import SmtpSession


def starttls(session: SmtpSession, command: StartTls) -> Reply:
    """220, then the handshake; what came behind the command in the clear is thrown away by the runtime."""
    if session.peer.tls is not None:
        return session.mistake(say(503, "5.5.1", "TLS is active already"))
    if session.account is not None:
        return session.mistake(say(503, "5.5.1", "STARTTLS comes before AUTH"))
    answer = say(220, "2.0.0", "Ready to start TLS")
    answer.start_tls = True
    return answer
