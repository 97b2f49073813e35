"""DATA (RFC 5321 section 4.1.1.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.runtime.session import Reply
from protocols.smtp import limits
from protocols.smtp.wire.commands import Data
from protocols.smtp.wire.replies import reply

if TYPE_CHECKING:
    from protocols.smtp.session import SmtpSession

_GO_AHEAD = reply(354, "", "End data with <CR><LF>.<CR><LF>")


def data(session: SmtpSession, command: Data) -> Reply:
    """354; the framer reads to the dot."""
    session.framer.expect_data(limits.MAX_MESSAGE)
    session.minimum_rate = limits.MINIMUM_RATE
    return Reply(_GO_AHEAD)
