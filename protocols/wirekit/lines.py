"""Lines of a line protocol (SMTP commands, POP3): CRLF ends a line, and nothing else does."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Line:
    """A command or a SASL response, without its CRLF."""

    data: bytes


class Fault(enum.Enum):
    """What is wrong with a line before anybody reads it."""

    TOO_LONG = "too long"
    BARE_LF = "ended by LF alone"


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is not executed, whatever it says."""

    fault: Fault


class LineFramer:
    """feed() octets, take lines. Memory is bounded by `maximum`, the longest line without its CRLF."""

    def __init__(self, maximum: int) -> None:
        self._maximum = maximum
        self._buffer = bytearray()
        self._scanned = 0  # octets of the buffer known to hold no LF
        self._discarding = False  # inside a line that was too long

    def feed(self, data: bytes) -> None:
        """Take what arrived."""
        self._buffer += data

    def feed_eof(self) -> None:
        """An incomplete line is never executed: nothing to do."""

    def next_event(self) -> Any:
        """The next Line or BadLine; None: more octets are needed. What subclasses add is theirs to say."""
        end = self._buffer.find(b"\n", self._scanned)
        if end < 0:
            self._wait_for_end()
            return None
        line = bytes(self._buffer[: end + 1])
        del self._buffer[: end + 1]
        self._scanned = 0
        if self._discarding or len(line) > self._maximum + 2:
            self._discarding = False
            return BadLine(Fault.TOO_LONG)
        if not line.endswith(b"\r\n"):
            return BadLine(Fault.BARE_LF)
        return Line(line[:-2])

    def _wait_for_end(self) -> None:
        self._scanned = len(self._buffer)
        if self._scanned > self._maximum + 2:
            self._discarding = True
            self._buffer.clear()
            self._scanned = 0
