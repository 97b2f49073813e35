"""Between the socket and the session: what came and the framer has not seen yet, in order and bounded; compression."""

from collections.abc import Callable
from typing import Any

from protocols.runtime import limits
from protocols.runtime.compression import Deflater, Inflater
from protocols.runtime.session import Reply
from protocols.runtime.turn import Turn, packed


class Layer:
    """Belongs to one connection; holds no input while the connection is at rest."""

    __slots__ = ("_deflater", "_inflater", "_pieces", "_size")

    def __init__(self) -> None:
        self._pieces: list[bytes] | None = None
        self._size = 0
        self._inflater: Inflater | None = None
        self._deflater: Deflater | None = None

    # --- input

    @property
    def compressed(self) -> bool:
        """What comes must pass through here: it is not what the framer wants."""
        return self._inflater is not None

    @property
    def waiting(self) -> bool:
        """take() has more to give without new input."""
        return bool(self._pieces) or (self._inflater is not None and self._inflater.waiting)

    def hold(self, data: bytes) -> bool:
        """Keep `data`; True: that is enough, reading should pause."""
        if self._pieces is None:
            self._pieces = []
        self._pieces.append(data)
        self._size += len(data)
        return self._size > limits.INPUT_AHEAD

    def take(self) -> bytes:
        """What the framer gets next; b"": there is nothing. BadStream: it cannot be inflated."""
        if self._inflater is None:
            return self._take_held()
        while True:
            piece = self._inflater.next_piece()
            if piece:
                return piece
            if self._inflater.over:
                rest, self._inflater = self._inflater.take_rest(), None
                return rest or self._take_held()
            if not self._pieces:
                return b""
            self._inflater.hold(self._take_held())

    def request_came(self) -> None:
        """The framer made a request of what it was given."""
        if self._inflater is not None:
            self._inflater.request_came()

    def end_inflating(self) -> None:
        """The client ends its compression behind the request under way."""
        if self._inflater is not None:
            self._inflater.end()

    def clear(self) -> None:
        """Forget what came, and that it was compressed."""
        self._take_held()
        self._inflater = None

    def _take_held(self) -> bytes:
        pieces, self._pieces, self._size = self._pieces, None, 0
        if not pieces:
            return b""
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    # --- output

    def pack(self, data: bytes) -> bytes:
        """As it goes on the wire."""
        return data if self._deflater is None else self._deflater.pack(data)

    def output(self, turn: Turn) -> bytes:
        """What a turn made, as it goes on the wire."""
        if self._deflater is not None and not turn.packed:
            turn.pack(self._deflater)
        return turn.take()

    def job(self, job: Callable[..., Turn], *args: Any) -> tuple[Any, ...]:
        """What to run in a database thread: output is compressed there, the loop has no time for it."""
        return (job, *args) if self._deflater is None else (packed, self._deflater, job, *args)

    def switch(self, reply: Reply) -> None:
        """Behind this reply output is compressed, and what comes is (RFC 4978 section 3); or no longer (RFC 8437)."""
        if reply.compress:
            self._deflater, self._inflater = Deflater(), Inflater()
            self._inflater.hold(reply.behind)
        elif reply.compress is not None:
            self._deflater = None
            self.end_inflating()
