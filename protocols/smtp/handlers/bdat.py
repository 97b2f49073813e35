"""BDAT (RFC 3030 section 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.runtime.session import Reply
from protocols.smtp import limits
from protocols.smtp.answers import say
from protocols.smtp.state import State
from protocols.smtp.wire import limits as wire_limits
from protocols.smtp.wire.commands import Bdat
from protocols.smtp.wire.content import Content

if TYPE_CHECKING:
    from protocols.smtp.session import SmtpSession


def bdat(session: SmtpSession, command: Bdat) -> Reply:
    """Answered when the chunk is in: what was refused must be read to its end, since its octets are on their way."""
    if command.size > limits.MAX_MESSAGE * wire_limits.DISCARD_FACTOR:
        answer = say(552, "5.3.4", f"Message size exceeds the limit of {limits.MAX_MESSAGE} octets")
        answer.close = True
        return answer
    session.minimum_rate = limits.MINIMUM_RATE
    transaction = session.transaction
    if transaction is None or session.state not in (State.RCPT, State.CHUNKS):
        session.discarding = True
        session.framer.expect_chunk(command.size, limits.MAX_MESSAGE, None)
        return Reply()
    if transaction.content is None:
        transaction.content = Content()
    session.state = State.CHUNKS
    transaction.last_chunk = command.last
    session.framer.expect_chunk(command.size, limits.MAX_MESSAGE, transaction.content)
    return Reply()
