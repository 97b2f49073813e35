"""Octets that may be many: in memory up to a bound, then in an unnamed temporary file.

A literal or a DATA block of 50 MB costs a connection a file descriptor, not 50 MB.
"""

import io
import tempfile
from collections.abc import Iterator
from typing import IO

# Above this many octets a spool moves to disk: most mail (18 KB on average) never does, and 1,000 connections in
# DATA at once stay below 256 MB.
SPOOL_MEMORY = 256 * 1024
# What one turn of chunks() reads.
CHUNK = 64 * 1024


class Spool:
    """Write octets, then read them back any number of times. Not for several threads at once."""

    __slots__ = ("_file", "_was_read", "size")

    def __init__(self, memory: int = SPOOL_MEMORY) -> None:
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=memory)  # noqa: SIM115
        self._was_read = False  # the position is not at the end
        self.size = 0

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Append octets; OSError when the disk is full."""
        if self._was_read:
            self._file.seek(0, io.SEEK_END)
            self._was_read = False
        self._file.write(data)
        self.size += len(data)

    def __len__(self) -> int:
        return self.size

    def getvalue(self) -> bytes:
        """All the octets, in memory."""
        self._rewind()
        return self._file.read()

    def head(self, octets: int) -> bytes:
        """The first octets only."""
        self._rewind()
        return self._file.read(octets)

    def chunks(self, size: int = CHUNK) -> Iterator[bytes]:
        """The octets from the start, a piece at a time."""
        self._rewind()
        while piece := self._file.read(size):
            yield piece

    def _rewind(self) -> None:
        self._was_read = True
        self._file.seek(0)

    def close(self) -> None:
        """Free memory or file; harmless when repeated."""
        self._file.close()
