"""FETCH data items that are cut out of the message: BODY[...], RFC822, RFC822.HEADER, RFC822.TEXT."""

from collections.abc import Callable
from dataclasses import dataclass

from mailformat import headers, mime
from mailformat.sections import SectionSpec, section
from protocols.imap.wire.fetch_items import Item, Section

# What may be cut: the whole in two pieces (they are not joined: a copy of 18 KB costs as much as all the rest), or one.
Pieces = tuple[bytes, ...]


@dataclass(slots=True)
class Source:
    """A message as the store keeps it; body is b"" where only the header was read."""

    header: bytes
    body: bytes
    structure: bytes
    _root: "mime.Part | None" = None

    @property
    def root(self) -> mime.Part:
        """The MIME tree with its offsets, read once."""
        if self._root is None:
            self._root = mime.load(self.structure)
        return self._root


@dataclass(frozen=True, slots=True)
class Cut:
    """One item, ready to be applied to message after message."""

    name: bytes
    pieces: Callable[[Source], Pieces | None]
    partial: tuple[int, int] | None
    needs_body: bool
    needs_structure: bool
    sets_seen: bool

    def render(self, source: Source) -> Pieces:
        """`BODY[] {123}` and the octets, or NIL for a part that is not there."""
        pieces = self._cut(source)
        if pieces is None:
            return (self.name + b" NIL",)
        return (b"%b {%d}\r\n" % (self.name, sum(map(len, pieces))), *pieces)

    def octets(self, source: Source) -> bytes | None:
        """What render() puts into the literal; None for a part that is not there."""
        pieces = self._cut(source)
        return None if pieces is None else b"".join(pieces)

    def _cut(self, source: Source) -> Pieces | None:
        pieces = self.pieces(source)
        if pieces is None or self.partial is None:
            return pieces
        first, count = self.partial
        return (b"".join(pieces)[first : first + count],)


def _whole(source: Source) -> Pieces:
    return source.header, source.body


def _header(source: Source) -> Pieces:
    return (source.header,)


def _text(source: Source) -> Pieces:
    return (source.body,)


def compile_cut(item: Item) -> Cut:
    """Of an item that is not stored ready (see rendering)."""
    if item == "RFC822":
        return Cut(b"RFC822", _whole, None, True, False, True)
    if item == "RFC822.HEADER":
        return Cut(b"RFC822.HEADER", _header, None, False, False, False)
    if item == "RFC822.TEXT":
        return Cut(b"RFC822.TEXT", _text, None, True, False, True)
    assert isinstance(item, Section)
    pieces, needs_body, needs_structure = _compile(item)
    return Cut(item.name, pieces, item.partial, needs_body, needs_structure, not item.peek)


def _compile(item: Section) -> tuple[Callable[[Source], Pieces | None], bool, bool]:
    if not item.part and item.text in ("", "TEXT"):
        return (_text if item.text else _whole), True, False
    if not item.part and item.text == "HEADER":
        return _header, False, False
    if not item.part:
        names, invert = item.fields, item.text == "HEADER.FIELDS.NOT"
        return (lambda source: (headers.subset(source.header, names, invert=invert),)), False, False
    spec = SectionSpec(item.part, item.text, item.fields)

    def of_part(source: Source) -> Pieces | None:
        found = section(source.header + source.body, source.root, spec)
        return None if found is None else (found,)

    return of_part, True, True
