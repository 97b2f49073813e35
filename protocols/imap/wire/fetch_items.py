"""The data items of FETCH (RFC 3501 section 6.4.5, RFC 7162 section 3.1.4.1, RFC 3516, 5257, 8474, 8514 and 8970)."""

import re
from dataclasses import dataclass

from protocols.imap.wire.dialect import is_gone
from protocols.imap.wire.errors import BadSyntax
from protocols.imap.wire.message_annotations import AnnotationItem, parse_annotation_item
from protocols.imap.wire.scanner import Scanner

# Clients ask for some 17 header fields at once; this is far beyond.
MAX_FIELDS = 200
MAX_ITEMS = 50

SIMPLE = frozenset({
    "UID", "FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE", "BODY", "BODYSTRUCTURE", "RFC822", "RFC822.HEADER",
    "RFC822.TEXT", "MODSEQ", "PREVIEW", "EMAILID", "THREADID", "SAVEDATE",
})  # fmt: skip
MACROS = {
    "ALL": ("FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE"),
    "FAST": ("FLAGS", "INTERNALDATE", "RFC822.SIZE"),
    "FULL": ("FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE", "BODY"),
}

_ITEM = re.compile(rb"[A-Za-z0-9.]+")
_PART = re.compile(rb"[1-9]\d{0,9}(?:\.[1-9]\d{0,9})*")
_MODIFIERS = re.compile(rb" \(([A-Za-z=]+(?: [A-Za-z=]+)*)\)")
_TEXT = re.compile(rb"HEADER\.FIELDS\.NOT|HEADER\.FIELDS|HEADER|TEXT|MIME", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Section:
    """BODY[...], with or without .PEEK; `partial` is (first octet, count) or None."""

    part: str  # "", "1", "1.2"
    text: str  # "", "HEADER", "HEADER.FIELDS", "HEADER.FIELDS.NOT", "TEXT", "MIME"
    fields: tuple[bytes, ...]
    peek: bool
    partial: tuple[int, int] | None

    @property
    def name(self) -> bytes:
        """What the response calls it: without .PEEK, and of the partial only the origin."""
        inner = ".".join(piece for piece in (self.part, self.text) if piece)
        listed = b" (" + b" ".join(_field(f) for f in self.fields) + b")" if self.fields else b""
        origin = f"<{self.partial[0]}>" if self.partial else ""
        return b"BODY[" + inner.encode() + listed + b"]" + origin.encode()


@dataclass(frozen=True, slots=True)
class Binary:
    """BINARY[...], with or without .PEEK, or BINARY.SIZE[...]."""

    part: str  # "", "1", "1.2"
    peek: bool
    size: bool
    partial: tuple[int, int] | None

    @property
    def name(self) -> bytes:
        """What the response calls it."""
        origin = f"<{self.partial[0]}>" if self.partial else ""
        return f"BINARY{'.SIZE' if self.size else ''}[{self.part}]{origin}".encode()


Item = str | Section | Binary | AnnotationItem


def parse_fetch_items(scan: Scanner) -> tuple[Item, ...]:
    """ALL / FULL / FAST / fetch-att / "(" fetch-att *(SP fetch-att) ")"."""
    if scan.accept(b"("):
        items: list[Item] = [_item(scan)]
        while not scan.accept(b")"):
            scan.space()
            items.append(_item(scan))
            if len(items) > MAX_ITEMS:
                raise BadSyntax("Too many FETCH items")
        return tuple(dict.fromkeys(items))
    macro = MACROS.get(scan.text[scan.pos :].upper().decode("latin-1").split(" ", 1)[0])
    if macro is not None:
        scan.word()
        return macro
    return (_item(scan),)


def _item(scan: Scanner) -> Item:
    name = scan.match(_ITEM, "a FETCH item").decode().upper()
    if name in ("BODY", "BODY.PEEK") and scan.peek() == b"[":
        return parse_section(scan, peek=name == "BODY.PEEK")
    if name == "ANNOTATION":
        return parse_annotation_item(scan)
    if name in ("BINARY", "BINARY.PEEK", "BINARY.SIZE"):
        return _binary(scan, name)
    if name == "PREVIEW":
        _preview_modifiers(scan)
    if name not in SIMPLE or is_gone(name, scan.enabled):
        raise BadSyntax("Unknown FETCH item")
    return name


def _binary(scan: Scanner, name: str) -> Binary:
    """ "BINARY" [".PEEK"] section-binary [partial] / "BINARY.SIZE" section-binary (RFC 3516 section 7)"""
    scan.expect(b"[")
    part = "" if scan.peek() == b"]" else scan.match(_PART, "a part number").decode()
    scan.expect(b"]")
    size = name == "BINARY.SIZE"
    return Binary(part, name != "BINARY", size, None if size else _partial(scan))


def _preview_modifiers(scan: Scanner) -> None:
    """[SP "(" preview-mod *(SP preview-mod) ")"] (RFC 8970 section 6).

    Previews are there from delivery on: LAZY changes nothing. What has a number in it is a modifier of FETCH itself.
    """
    if found := _MODIFIERS.match(scan.text, scan.pos):
        if set(found[1].upper().split()) != {b"LAZY"}:
            raise BadSyntax("Unknown PREVIEW modifier")
        scan.pos = found.end()


def parse_section(scan: Scanner, *, peek: bool = True) -> Section:
    """section = "[" [section-spec] "]" ["<" number "." nz-number ">"]"""
    scan.expect(b"[")
    part, text = "", ""
    fields: tuple[bytes, ...] = ()
    if _PART.match(scan.text, scan.pos):
        part = scan.match(_PART, "a part number").decode()
        if scan.peek() == b".":
            scan.expect(b".")
            text = scan.match(_TEXT, "a section").decode().upper()
    elif scan.peek() != b"]":
        text = scan.match(_TEXT, "a section").decode().upper()
    if text == "MIME" and not part:
        raise BadSyntax("MIME needs a part number")
    if text.startswith("HEADER.FIELDS"):
        scan.space()
        fields = _fields(scan)
    scan.expect(b"]")
    return Section(part, text, fields, peek, _partial(scan))


def _fields(scan: Scanner) -> tuple[bytes, ...]:
    """header-list = "(" header-fld-name *(SP header-fld-name) ")"; two spaces and an ending one are forgiven"""
    scan.expect(b"(")
    names = [scan.astring()]
    while not scan.accept(b")"):
        scan.space()
        if scan.accept(b")"):
            break
        names.append(scan.astring())
        if len(names) > MAX_FIELDS:
            raise BadSyntax("Too many header fields")
    return tuple(names)


def _partial(scan: Scanner) -> tuple[int, int] | None:
    if not scan.accept(b"<"):
        return None
    first = scan.number()
    scan.expect(b".")
    count = scan.number()
    scan.expect(b">")
    if not count:
        raise BadSyntax("A partial FETCH of nothing")
    return first, count


_PLAIN = re.compile(rb"[\x21\x23\x24\x26\x27\x2b-\x5b\x5d-\x7a\x7c-\x7e]+\Z")


def _field(name: bytes) -> bytes:
    """A header field's name as an astring; what was a literal comes back quoted."""
    if _PLAIN.match(name):
        return name
    return b'"' + re.sub(rb'([\\"])', rb"\\\1", re.sub(rb"[\r\n]", b" ", name)) + b'"'
