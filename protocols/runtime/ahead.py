"""What a client sends while its request is being answered: kept, in order, up to a bound."""

from protocols.runtime import limits


class Ahead:
    """Belongs to one connection; holds nothing while the connection is at rest."""

    __slots__ = ("_pieces", "_size")

    def __init__(self) -> None:
        self._pieces: list[bytes] | None = None
        self._size = 0

    def hold(self, data: bytes) -> bool:
        """Keep `data`; True: that is enough, reading should pause."""
        if self._pieces is None:
            self._pieces = []
        self._pieces.append(data)
        self._size += len(data)
        return self._size > limits.INPUT_AHEAD

    def take(self) -> bytes:
        """All that was kept; then there is nothing."""
        pieces, self._pieces, self._size = self._pieces, None, 0
        if not pieces:
            return b""
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)
