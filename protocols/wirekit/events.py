"""What a framer hands to the connection that feeds it.

A framer turns octets into requests and knows nothing of sockets, clocks or databases. The connection calls it on one
thread and never while a request of the session is running, so that a handler may switch its mode (SMTP's DATA, SASL
responses) without a lock.
"""

from dataclasses import dataclass
from typing import Any, Protocol

# Whatever a protocol calls a request: any object that is neither None nor a SendNow.
Request = Any


@dataclass(frozen=True, slots=True)
class SendNow:
    """Octets to write at once, without a handler: IMAP's "+ Ready for literal data" (RFC 3501 section 7.5)."""

    data: bytes


class Framer(Protocol):
    """Cuts a stream of octets into requests."""

    def feed(self, data: bytes) -> None:
        """Take what arrived; any number of octets, cut anywhere."""

    def next_event(self) -> Request | SendNow | None:
        """Give the next request or interim answer; None: more octets are needed.

        Called again only after the request given before was answered, so the session may have changed the mode.
        """

    def feed_eof(self) -> None:
        """The client sends no more; what is incomplete will not be completed."""
