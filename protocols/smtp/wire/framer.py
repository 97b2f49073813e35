r"""Cuts what an SMTP client sends into lines, messages (DATA) and chunks (BDAT).

Only CRLF ends a line and only CRLF . CRLF ends DATA (RFC 5321 sections 2.3.8 and 4.1.1.4). A message with a CR or LF
that stands alone is read to its real end and marked, so that no two servers can see different ends in it ("SMTP
smuggling").
"""

from __future__ import annotations

from protocols.smtp.wire import limits
from protocols.smtp.wire.content import ChunkReader, Content, DataReader
from protocols.wirekit.lines import BadLine, Line, LineFramer


class SmtpFramer(LineFramer):
    """feed() octets, take events; the session switches to a message with expect_data() and expect_chunk()."""

    def __init__(self) -> None:
        super().__init__(limits.AUTH_LINE)
        self._reader: DataReader | ChunkReader | None = None

    def feed(self, data: bytes) -> None:
        """Take what arrived. Message octets go straight to their spool."""
        if self._reader is not None and not self._buffer:
            data = self._reader.feed(data)
        self._buffer += data

    def expect_data(self, maximum: int) -> None:
        """From here to CRLF . CRLF it is a message of at most `maximum` octets."""
        self._start(DataReader(maximum))

    def expect_chunk(self, size: int, maximum: int, into: Content | None) -> None:
        """The next `size` octets are a BDAT chunk, added to `into`; None: thrown away."""
        self._start(ChunkReader(size, maximum, into))

    def close(self) -> None:
        """Throw away a message that was on its way."""
        if self._reader is not None:
            self._reader.content.close()
            self._reader = None

    def _start(self, reader: DataReader | ChunkReader) -> None:
        self._reader = reader
        waiting = bytes(self._buffer)
        self._buffer.clear()
        self._scanned = 0
        self._buffer += reader.feed(waiting)

    def next_event(self) -> Line | BadLine | Content | None:
        """The next whole line, or the message that has been read."""
        if self._reader is None:
            return super().next_event()
        if not self._reader.finished:
            return None
        content, self._reader = self._reader.content, None
        return content
