r"""Cuts what an SMTP client sends into lines, messages (DATA) and chunks (BDAT).

Only CRLF ends a line and only CRLF . CRLF ends DATA (RFC 5321 sections 2.3.8 and 4.1.1.4). A message with a CR or LF
that stands alone is read to its real end and marked, so that no two servers can see different ends in it ("SMTP
smuggling").
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from protocols.smtp.wire import limits
from protocols.smtp.wire.content import ChunkReader, Content, DataReader


@dataclass(frozen=True, slots=True)
class Line:
    """A command or a SASL response, without its CRLF."""

    data: bytes

    @property
    def verb(self) -> bytes:
        """The first word, in capitals."""
        return self.data.partition(b" ")[0].upper()


class Fault(enum.Enum):
    """What is wrong with a line before anybody reads it."""

    TOO_LONG = "too long"
    BARE_LF = "ended by LF alone"


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is not executed, whatever it says."""

    fault: Fault


class SmtpFramer:
    """feed() octets, take events; the session switches to a message with expect_data() and expect_chunk()."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._scanned = 0  # octets of the buffer known to hold no LF
        self._discarding = False  # inside a line that was too long
        self._reader: DataReader | ChunkReader | None = None

    def feed(self, data: bytes) -> None:
        """Take what arrived. Message octets go straight to their spool."""
        if self._reader is not None and not self._buffer:
            self._buffer += self._reader.feed(data)
            return
        self._buffer += data

    def feed_eof(self) -> None:
        """An incomplete line or message is never executed: nothing to do."""

    def expect_data(self, maximum: int) -> None:
        """From here to CRLF . CRLF it is a message of at most `maximum` octets."""
        self._start(DataReader(maximum))

    def expect_chunk(self, size: int, maximum: int, into: Content | None) -> None:
        """The next `size` octets are a BDAT chunk, added to `into`; None: thrown away."""
        self._start(ChunkReader(size, maximum, into))

    def _start(self, reader: DataReader | ChunkReader) -> None:
        self._reader = reader
        waiting = bytes(self._buffer)
        self._buffer.clear()
        self._scanned = 0
        self._buffer += reader.feed(waiting)

    def next_event(self) -> Line | BadLine | Content | None:
        """The next whole line, or the message that has been read."""
        if self._reader is not None:
            if not self._reader.finished:
                return None
            content, self._reader = self._reader.content, None
            return content
        return self._next_line()

    def _next_line(self) -> Line | BadLine | None:
        end = self._buffer.find(b"\n", self._scanned)
        if end < 0:
            return self._no_line_yet()
        line = bytes(self._buffer[: end + 1])
        del self._buffer[: end + 1]
        self._scanned = 0
        if self._discarding:
            self._discarding = False
            return BadLine(Fault.TOO_LONG)
        if len(line) > limits.AUTH_LINE:
            return BadLine(Fault.TOO_LONG)
        if not line.endswith(b"\r\n"):
            return BadLine(Fault.BARE_LF)
        return Line(line[:-2])

    def _no_line_yet(self) -> None:
        self._scanned = len(self._buffer)
        if self._scanned > limits.AUTH_LINE:
            self._discarding = True
            self._buffer.clear()
            self._scanned = 0
