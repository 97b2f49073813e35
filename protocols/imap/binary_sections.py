"""FETCH BINARY[...], BINARY.PEEK[...] and BINARY.SIZE[...]: parts without their transfer encoding (RFC 3516)."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from mailformat import mime
from mailformat.transfer import is_known
from protocols.imap.sections import Pieces, Source
from protocols.imap.wire.fetch_items import Binary

_COMPOSITE = ("multipart", "message")  # they have no transfer encoding (RFC 2045 section 6.4)
_BARE_LF = re.compile(rb"(?<!\r)\n")


@dataclass(frozen=True, slots=True)
class BinaryCut:
    """One item, ready to be applied to message after message, as sections.Cut is."""

    item: Binary
    needs_body: bool = True
    needs_structure: bool = True

    @property
    def sets_seen(self) -> bool:
        """Not with .PEEK, nor for a size."""
        return not self.item.peek

    def is_decodable(self, root: mime.Part) -> bool:
        """False: the part has an encoding that nobody here knows, and the request fails with UNKNOWN-CTE."""
        part = mime.find_part(root, self.item.part) if self.item.part else None
        return part is None or part.type in _COMPOSITE or is_known(part.encoding)

    def render(self, source: Source) -> Pieces:
        """A literal, or a literal8 where there is a NUL (section 4.3); NIL for a part that is not there."""
        data = self._decoded(source)
        if self.item.size:
            return (b"%b %d" % (self.item.name, len(data or b"")),)
        if data is None:
            return (self.item.name + b" NIL",)
        if self.item.partial is not None:
            first, count = self.item.partial
            data = data[first : first + count]
        return (b"%b %b{%d}\r\n" % (self.item.name, b"~" if b"\0" in data else b"", len(data)), data)

    def _decoded(self, source: Source) -> bytes | None:
        """Without a part number the message itself, whose parts stay as they are: a message has no encoding."""
        message = source.header + source.body
        if not self.item.part:
            return message
        part = mime.find_part(source.root, self.item.part)
        if part is None:
            return None
        data = mime.decoded(message, part)
        # Section 6: text always has CRLF on the wire. NULs tell of UTF-16, whose line ends are other octets.
        return _BARE_LF.sub(b"\r\n", data) if part.type == "text" and b"\0" not in data else data


def all_decodable(cuts: list[BinaryCut]) -> Callable[[bytes], bool]:
    """Of a message's stored structure: whether each of these can be given."""

    def check(structure: bytes) -> bool:
        root = mime.load(structure)
        return all(cut.is_decodable(root) for cut in cuts)

    return check
