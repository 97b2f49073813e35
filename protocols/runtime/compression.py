"""Raw DEFLATE (RFC 1951) between the socket and the framer, as IMAP's COMPRESS has it (RFC 4978 section 4).

What a client compresses may grow a thousandfold: it is taken out a piece at a time, only as the session asks for more,
and a connection whose octets grow without ever becoming a request is ended.
"""

import zlib

# Octets of one piece of inflated input: what the framer is given at once.
PIECE = 64 * 1024
# Octets of compressed input that one step looks at: bounds what is copied for a piece.
SEGMENT = 16 * 1024
# A bomb is what grew a hundredfold (mail text shrinks to a quarter, seldom to a twentieth) and is larger already than
# all that any request may carry (some messages in one APPEND), without having become a request.
BOMB_RATIO = 100
BOMB_OCTETS = 160 * 1024 * 1024

# For output: the first level already takes off most of what can be taken off responses and mail (RFC 4978 section 4):
# nine tenths of a list of ENVELOPEs, two thirds of whole messages; the sixth takes off some hundredths more.
LEVEL = 1
# A window of 8 KiB and small tables: 48 KiB a connection where zlib's defaults take 256. Any client can read it.
WINDOW_BITS = -13
MEMORY_LEVEL = 5

_INPUT_WINDOW_BITS = -15  # the largest: any client's compressor may use it
# The empty stored block that ends a flush (RFC 1951 section 3.2.4), and an empty last block as some send behind it.
FLUSHED = b"\0\0\xff\xff"
_LAST_BLOCK = b"\x03\0"


class BadStream(Exception):
    """The client's octets are no DEFLATE stream, go on behind its end, or are a bomb."""


class Inflater:
    """Compressed octets in, pieces of what they mean out. Belongs to one connection."""

    __slots__ = ("_ending", "_full", "_grown", "_last", "_pending", "_stream", "_taken")

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(_INPUT_WINDOW_BITS)
        self._pending = bytearray()
        self._last = b""  # the last four octets that were inflated
        self._taken = self._grown = 0  # octets in and out since the last request
        self._full = False  # the last piece was cut off: zlib holds more of it
        self._ending = False

    @property
    def waiting(self) -> bool:
        """More may come out without anything going in."""
        return bool(self._pending) or self._full

    def hold(self, data: bytes) -> None:
        """Take compressed octets; nothing is inflated yet."""
        self._pending += data

    def next_piece(self) -> bytes:
        """The next octets, at most PIECE; b"": more input is needed. BadStream where there can be none."""
        piece = b""
        while self.waiting and not piece and not self.over:
            piece = self._inflate(1 if self._ending else self._segment())
        self._grown += len(piece)
        if self._grown > BOMB_OCTETS and self._grown > BOMB_RATIO * self._taken:
            raise BadStream("a small stream grows without end")
        return piece

    def request_came(self) -> None:
        """What was inflated so far became a request."""
        self._taken = self._grown = 0

    def end(self) -> None:
        """The client ends its layer behind the octets that it just flushed (RFC 8437 section 4.1)."""
        self._ending = True

    @property
    def over(self) -> bool:
        """After end(): the rest is not compressed. Told by the flush, or by the stream's own end."""
        if not self._ending:
            return False
        flushed = self._last == FLUSHED and bool(self._pending) and self._pending[0] != _LAST_BLOCK[0]
        return flushed or self._stream.eof

    def take_rest(self) -> bytes:
        """What came behind the end."""
        rest, self._pending = bytes(self._pending), bytearray()
        return rest

    def _segment(self) -> int:
        """How much to inflate: no further than a flush, behind which another layer may begin."""
        end = self._pending.find(FLUSHED, 0, SEGMENT + len(FLUSHED))
        return SEGMENT if end < 0 else end + len(FLUSHED)

    def _inflate(self, size: int) -> bytes:
        if self._stream.eof and self._pending:
            raise BadStream("octets behind the end of the stream")
        segment = bytes(self._pending[:size])
        try:
            piece = self._stream.decompress(segment, PIECE)
        except zlib.error as error:
            raise BadStream(str(error)) from None
        used = len(segment) - len(self._stream.unconsumed_tail) - len(self._stream.unused_data)
        del self._pending[:used]
        self._last = (self._last + segment[:used])[-len(FLUSHED) :]
        self._taken += used
        self._full = len(piece) == PIECE
        return piece


class Deflater:
    """Output, flushed after each write: what was said can be read at once."""

    __slots__ = ("_stream",)

    def __init__(self) -> None:
        self._stream = zlib.compressobj(LEVEL, zlib.DEFLATED, WINDOW_BITS, MEMORY_LEVEL)

    def pack(self, data: bytes, *, last: bool = False) -> bytes:
        """The octets to write; `last`: the stream ends behind them."""
        if not data and not last:
            return b""
        return self._stream.compress(data) + self._stream.flush(zlib.Z_FINISH if last else zlib.Z_SYNC_FLUSH)
