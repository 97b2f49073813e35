"""INPROGRESS (RFC 9585): a command that lasts says how far it is, so that nobody takes the connection for dead."""

from __future__ import annotations

import time
from collections.abc import Generator
from concurrent.futures import Future
from typing import TYPE_CHECKING, TypeVar

from protocols.imap.wire.response import string

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession

T = TypeVar("T")

# Seconds between two of them, and before the first. Who gives up on a silent connection does so after half a minute.
INTERVAL = 10.0
# Seconds for which a thread waits for another's work before it looks whether the client is still there.
LOOK_UP = 0.5


class Progress:
    """Of one command; `goal`: of how many steps, 0: not known."""

    def __init__(self, session: ImapSession, tag: bytes, goal: int = 0) -> None:
        self._session = session
        self._tag = string(tag)
        self._goal = goal
        self._done = 0
        self._due = time.monotonic() + INTERVAL

    def advance(self, steps: int) -> bytes:
        """So many more are done; the response where one is due, else b""."""
        self._done += steps
        if time.monotonic() < self._due:
            return b""
        self._due = time.monotonic() + INTERVAL
        # What is done stays below the goal: the tagged response says that it is reached.
        return self._line(
            b"%d %d" % (min(self._done, self._goal - 1), self._goal) if self._goal else b"%d NIL" % self._done
        )

    def wait(self, future: Future[T]) -> Generator[bytes, None, T]:
        """Until somebody else has done it, of whom nothing is known; raises what the future does."""
        while True:
            try:
                return future.result(timeout=min(max(0.0, self._due - time.monotonic()), LOOK_UP))
            except TimeoutError:
                if future.done():
                    return future.result()
                if time.monotonic() < self._due:
                    yield b""
                    continue
                self._due = time.monotonic() + INTERVAL
                yield self._line(b"NIL NIL")

    def _line(self, state: bytes) -> bytes:
        return self._session.say("OK", "Still at work", b"INPROGRESS (%b %b)" % (self._tag, state))
