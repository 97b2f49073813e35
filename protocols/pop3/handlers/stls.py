"""STLS (RFC 2595 section 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.pop3.answers import err, good
from protocols.pop3.wire.commands import Stls
from protocols.runtime.session import Reply

if TYPE_CHECKING:
    from protocols.pop3.session import Pop3Session


def stls(session: Pop3Session, command: Stls) -> Reply:
    """+OK, then the handshake; what came behind the command in the clear is thrown away by the runtime."""
    if session.peer.tls is not None:
        return session.mistake(err("TLS is active already"))
    if session.utf8:  # RFC 6856 section 2.1
        return session.mistake(err("STLS comes before UTF8"))
    answer = good("Begin TLS")
    answer.start_tls = True
    return answer
