"""A message on its way in: DATA with its dots, or BDAT chunks."""

from __future__ import annotations

import enum
import io

from protocols.smtp.wire import limits
from protocols.wirekit.spool import Spool

END = b"\r\n.\r\n"  # RFC 5321 section 4.1.1.4
_DOT = b"\r\n."
_PARTIAL_ENDS = (b"\r\n.\r", b"\r\n.", b"\r\n", b"\r")


class ContentFault(enum.Enum):
    """Why a message will be refused; it is still read to its end."""

    TOO_BIG = "larger than the limit"
    BARE_NEWLINE = "CR or LF that stands alone"  # RFC 5321 section 2.3.8
    NO_SPACE = "could not be spooled"  # our disk is full


class Content:
    """What has been received; `fault` says why it cannot be taken."""

    __slots__ = ("_newlines", "fault", "overrun", "size", "spool")

    def __init__(self) -> None:
        self.spool = Spool()
        self.size = 0  # octets, dots removed
        self.fault: ContentFault | None = None
        self.overrun = False  # so far beyond every limit that the connection is to be cut
        # Says in one pass which kinds of line ends it has met: four times as fast as counting CR, LF and CRLF.
        self._newlines = io.IncrementalNewlineDecoder(None, translate=False)

    def add(self, data: bytes, maximum: int) -> None:
        """Take octets, or only their number once there is a fault."""
        self.size += len(data)
        if self.size > maximum and self.fault is None:
            self._refuse(ContentFault.TOO_BIG)
        self.overrun = self.size > maximum * limits.DISCARD_FACTOR
        if self.fault is None:
            try:
                self.spool.write(data)
            except OSError:
                self._refuse(ContentFault.NO_SPACE)

    def check_newlines(self, data: bytes) -> None:
        """Mark a message whose CRs and LFs do not come in pairs; a pair may be cut between two calls."""
        self._newlines.decode(data.decode("latin-1"))
        self._judge_newlines()

    def finish(self) -> None:
        """The last octet came; a CR at the very end has no LF."""
        self._newlines.decode("", True)
        self._judge_newlines()

    def _judge_newlines(self) -> None:
        if self.fault is None and self._newlines.newlines not in (None, "\r\n"):
            self._refuse(ContentFault.BARE_NEWLINE)

    def _refuse(self, fault: ContentFault) -> None:
        self.fault = fault
        self.spool.close()

    def getvalue(self) -> bytes:
        """The message."""
        return self.spool.getvalue()

    def close(self) -> None:
        """Free memory or file."""
        self.spool.close()


class DataReader:
    """Reads to CRLF . CRLF and removes the dot that begins a line (RFC 5321 section 4.5.2)."""

    def __init__(self, maximum: int) -> None:
        self.content = Content()
        self.finished = False
        self._maximum = maximum
        self._waiting = b""  # perhaps the beginning of the end
        self._begun = False
        self._virtual = 0  # octets of `_waiting` that nobody sent

    def feed(self, data: bytes) -> bytes:
        """Take octets; returns those behind the end."""
        if self.finished or not data:
            return data
        if not self._begun:
            self._begun = True
            if data.startswith(b"."):  # as if a line had just ended: an end at once is an empty message
                self._waiting, self._virtual = b"\r\n", 2
        if self._waiting:
            data = self._waiting + data
        dot = data.find(_DOT)
        end = -1 if dot < 0 else data.find(END, dot)
        if end >= 0:
            self._add(data[: end + 2], dot < end)
            self.content.finish()
            self.finished = True
            return data[end + len(END) :]
        self._waiting = next((partial for partial in _PARTIAL_ENDS if data.endswith(partial)), b"")
        self._add(data[: len(data) - len(self._waiting)], dot >= 0)
        # Whoever sends without end gets no answer to wait for: the session hangs up.
        self.finished = self.content.overrun
        return b""

    def _add(self, data: bytes, dots: bool) -> None:
        if not data:
            return
        self.content.check_newlines(data)
        if dots:
            data = data.replace(_DOT, b"\r\n")
        if self._virtual:
            data, self._virtual = data[self._virtual :], 0
        self.content.add(data, self._maximum)


class ChunkReader:
    """Reads as many octets as BDAT announced (RFC 3030 section 2)."""

    def __init__(self, size: int, maximum: int, into: Content | None) -> None:
        self.content = Content() if into is None else into
        self._maximum = maximum
        self._keep = into is not None
        self._left = size
        self.finished = size == 0

    def feed(self, data: bytes) -> bytes:
        """Take octets; returns those behind the chunk."""
        piece, rest = data[: self._left], data[self._left :]
        self._left -= len(piece)
        if self._keep:
            self.content.check_newlines(piece)
            self.content.add(piece, self._maximum)
        self.finished = self._left == 0
        return rest
