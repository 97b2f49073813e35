"""The one timer of a connection: silence, slowness, a reader that does not read.

Moved only when it must ring earlier; when it rings too early it is set again. A busy connection thus costs no timer
operations at all, and a silent one rings a few times an hour.
"""

import asyncio
from collections.abc import Callable

from protocols.runtime import limits
from protocols.runtime.session import Session


class Deadlines:
    """Belongs to one connection, on the event loop. Moments are loop.time()."""

    __slots__ = ("_armed_for", "_loop", "_rate_from", "_rate_received", "_ring", "_timer", "last_input", "received")

    def __init__(self, loop: asyncio.AbstractEventLoop, ring: Callable[[], None]) -> None:
        self._loop = loop
        self._ring = ring
        self._timer: asyncio.TimerHandle | None = None
        self._armed_for = 0.0
        self._rate_from = 0.0  # 0: the rate is not measured
        self._rate_received = 0
        self.last_input = loop.time()
        self.received = 0  # octets

    def took(self, octets: int) -> None:
        """The client sent something."""
        self.last_input = self._loop.time()
        self.received += octets

    def arm(self, deadline: float) -> None:
        """Ring at `deadline` at the latest."""
        if self._timer is not None:
            if deadline >= self._armed_for:
                return
            self._timer.cancel()
        self._armed_for = deadline
        self._timer = self._loop.call_at(deadline, self._rang)

    def arm_for(self, session: Session) -> None:
        """Ring when the session's present state may have lasted too long."""
        deadline = self.last_input + session.timeout()
        if session.minimum_rate:
            if not self._rate_from:
                self._rate_from, self._rate_received = self._loop.time(), self.received
            deadline = min(deadline, self._rate_from + limits.RATE_WINDOW)
        else:
            self._rate_from = 0.0
        self.arm(deadline)

    def have_passed(self, session: Session) -> bool:
        """Whether the client was silent for too long, or sent too slowly over a whole window."""
        now = self._loop.time()
        if now >= self.last_input + session.timeout():
            return True
        if not (session.minimum_rate and self._rate_from) or now < self._rate_from + limits.RATE_WINDOW:
            return False
        got, wanted = self.received - self._rate_received, session.minimum_rate * (now - self._rate_from)
        self._rate_from, self._rate_received = now, self.received
        return got < wanted

    def cancel(self) -> None:
        """No more ringing; lets go of the connection, so that it is freed without waiting for the collector."""
        self._ring = _nobody
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _rang(self) -> None:
        self._timer = None
        self._ring()


def _nobody() -> None:
    """Whom a cancelled timer rings for."""
