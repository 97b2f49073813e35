"""Where the dialogue stands, and what has been said of the message on its way."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from delivery.transaction import Recipient
from protocols.smtp.wire.commands import Mail
from protocols.smtp.wire.content import Content


class State(enum.Enum):
    """Where the dialogue stands."""

    START = "connected"
    READY = "greeted"
    MAIL = "sender named"
    RCPT = "recipients named"
    CHUNKS = "chunks of a message are coming"


@dataclass(slots=True)
class Transaction:
    """What MAIL and RCPT have said so far."""

    mail: Mail
    recipients: list[Recipient] = field(default_factory=list)
    content: Content | None = None  # BDAT: what the chunks have brought
    last_chunk: bool = False  # the chunk on its way is BDAT LAST
