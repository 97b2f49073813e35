"""Messages with 8-bit header fields, from clients that have not said that they speak UTF-8 (RFC 6855 section 4)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from protocols.imap import options
from protocols.imap.answer import Answer, no

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession

_HEADER_END = re.compile(rb"\r?\n\r?\n")


def refusal(session: ImapSession, message: bytes) -> Answer | None:
    """NO to what such a client may not append; None: it may."""
    if session.utf8 or options.append_8bit_headers():
        return None
    end = _HEADER_END.search(message)
    header = message[: end.start()] if end else message
    return None if header.isascii() else no("The header has 8-bit characters; enable UTF8=ACCEPT first", b"CANNOT")
