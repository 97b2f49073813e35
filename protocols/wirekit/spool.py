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
# Small pieces are joined from time to time: each one costs some 100 octets beside its own.
MAX_PIECES = 64


class Spool:
    """Write octets, then read them back any number of times. Not for several threads at once."""

    __slots__ = ("_closed", "_file", "_memory", "_pieces", "_was_read", "size")

    def __init__(self, memory: int = SPOOL_MEMORY) -> None:
        self._memory = memory
        self._pieces: list[bytes] = []  # while there is no file
        self._file: IO[bytes] | None = None
        self._closed = False
        self._was_read = False  # the file's position is not at its end
        self.size = 0

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Append octets; OSError when the disk is full, ValueError when closed."""
        if self._closed:
            raise ValueError("the spool is closed")
        if self._file is None and self.size + len(data) > self._memory:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115
            self._file.writelines(self._pieces)
            self._pieces = []
        if self._file is None:
            self._pieces.append(bytes(data))
            if len(self._pieces) > MAX_PIECES:
                self._pieces = [b"".join(self._pieces)]
        else:
            if self._was_read:
                self._file.seek(0, io.SEEK_END)
                self._was_read = False
            self._file.write(data)
        self.size += len(data)

    def __len__(self) -> int:
        return self.size

    def getvalue(self) -> bytes:
        """All the octets, in memory. One piece, as most messages come, is not copied."""
        if self._file is not None:
            return self._rewound(self._file).read()
        if len(self._pieces) != 1:
            self._pieces = [b"".join(self._pieces)]
        return self._pieces[0]

    def head(self, octets: int) -> bytes:
        """The first octets only."""
        return self.cut(0, octets)

    def cut(self, start: int, octets: int) -> bytes:
        """Some octets from offset `start` on."""
        if self._file is None:
            return self.getvalue()[start : start + octets]
        self._was_read = True
        self._file.seek(start)
        return self._file.read(octets)

    def chunks(self, size: int = CHUNK) -> Iterator[bytes]:
        """The octets from the start, a piece at a time."""
        file = io.BytesIO(self.getvalue()) if self._file is None else self._rewound(self._file)
        while piece := file.read(size):
            yield piece

    def _rewound(self, file: IO[bytes]) -> IO[bytes]:
        self._was_read = True
        file.seek(0)
        return file

    def close(self) -> None:
        """Free memory or file; harmless when repeated."""
        self._closed = True
        self._pieces = []
        if self._file is not None:
            self._file.close()


class Stretch:
    """A part of a spool that several share: many literals cost one file descriptor."""

    __slots__ = ("_spool", "_start", "size")

    def __init__(self, spool: Spool, start: int, size: int) -> None:
        self._spool = spool
        self._start = start
        self.size = size

    def __len__(self) -> int:
        return self.size

    def getvalue(self) -> bytes:
        """All the octets, in memory."""
        return self._spool.cut(self._start, self.size)

    def chunks(self, size: int = CHUNK) -> Iterator[bytes]:
        """The octets from the start, a piece at a time."""
        for offset in range(0, self.size, size):
            yield self._spool.cut(self._start + offset, min(size, self.size - offset))

    def close(self) -> None:
        """Give the spool back, and with it all of its stretches; harmless when repeated."""
        self._spool.close()
