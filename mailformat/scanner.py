"""The MIME scanner: one message to a tree of offsets (RFC 2045, 2046). Copies no body."""

from __future__ import annotations

import re
from collections.abc import Collection

from mailformat import parameters
from mailformat.headers import collect, decode
from mailformat.limits import MAX_DEPTH, MAX_PARTS
from mailformat.parts import Part, number_parts

CONTENT_FIELDS = frozenset({
    b"content-type", b"content-transfer-encoding", b"content-disposition", b"content-id",
    b"content-description", b"content-md5", b"content-language", b"content-location",
})  # fmt: skip
ENVELOPE_FIELDS = frozenset({
    b"date", b"subject", b"from", b"sender", b"reply-to", b"to", b"cc", b"bcc", b"in-reply-to",
    b"message-id", b"references",
})  # fmt: skip
MESSAGE_FIELDS = CONTENT_FIELDS | ENVELOPE_FIELDS

_TYPE = re.compile(rb"([!#-'*+.0-9A-Z^-~-]+)/([!#-'*+.0-9A-Z^-~-]+)", re.IGNORECASE)
# What follows the boundary on its line: the "--" of the last one, then anything that could not
# belong to a longer boundary (RFC 2046 section 5.1.1 lets junk follow; nested boundaries often
# share their beginning).
_TAIL = re.compile(rb"(--)?+(?![0-9A-Za-z'()+_,./:=?-])")
# RFC 2045 section 6.1: a token, then nothing but comments; and what is often written instead.
_ENCODING = re.compile(rb"\s*+([!#-'*+.0-9A-Z^-~-]++)\s*+(?:[;(]|$)", re.IGNORECASE)
_MISSPELT = {b"quoted printable": "quoted-printable", b"8 bit": "8bit", b"7 bit": "7bit", b"base 64": "base64"}

_PLAIN = ("text", "plain")
_MESSAGE = ("message", "rfc822")
_OPAQUE = ("application", "octet-stream")


def scan(data: bytes) -> Part:
    """The tree of `data`. Any bytes give a tree; what is nested deeper than MAX_DEPTH or comes
    after MAX_PARTS stays one opaque application/octet-stream part."""
    root = _Scanner(data).entity(0, len(data), 0, MESSAGE_FIELDS, _PLAIN)
    number_parts(root)
    return root


def header_end(data: bytes, start: int, limit: int) -> int:
    """Where the body begins: behind the first blank line, or `limit` where there is none."""
    if data.startswith(b"\r\n", start, limit):
        return start + 2
    if data.startswith(b"\n", start, limit):
        return start + 1
    blank = data.find(b"\n\r\n", start, limit)
    bare = data.find(b"\n\n", start, blank if blank >= 0 else limit)
    if bare >= 0:
        return bare + 2
    return blank + 3 if blank >= 0 else limit


class _Scanner:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.parts_left = MAX_PARTS - 1

    def entity(self, start: int, limit: int, depth: int, wanted: Collection[bytes], default: tuple[str, str]) -> Part:
        """One entity in data[start:limit]; `default` is the type without a Content-Type field."""
        data = self.data
        body = header_end(data, start, limit)
        found = collect(data[start:body], wanted)
        part = Part(start, body, limit, header_fields=found)
        boundary = _describe(part, found, default)
        if part.type == "multipart":
            children = self._children(body, limit, boundary) if depth < MAX_DEPTH else None
            if children is None:
                part.type, part.subtype = _OPAQUE
            else:
                inside = _MESSAGE if part.subtype == "digest" else _PLAIN
                part.children = tuple(
                    [self.entity(begin, end, depth + 1, CONTENT_FIELDS, inside) for begin, end in children]
                )
        elif part.type == "text":
            part.lines = data.count(b"\n", body, limit)
        elif part.type == "message" and part.subtype == "rfc822":
            if depth < MAX_DEPTH and self.parts_left > 0:
                self.parts_left -= 1
                part.lines = data.count(b"\n", body, limit)
                part.message = self.entity(body, limit, depth + 1, MESSAGE_FIELDS, _PLAIN)
            else:
                part.type, part.subtype = _OPAQUE
        return part

    def _children(self, start: int, limit: int, boundary: bytes) -> list[tuple[int, int]] | None:
        """The stretches between the delimiter lines (RFC 2046 section 5.1.1); None: too many parts."""
        data, children = self.data, list[tuple[int, int]]()
        if not boundary:
            return children
        needle = b"\n--" + boundary
        begin = -1
        position = data.find(needle, max(start - 1, 0), limit)
        while position >= 0:
            after = position + len(needle)
            line_end = data.find(b"\n", after, limit)
            if line_end < 0:
                line_end = limit
            if tail := _TAIL.match(data, after, line_end):
                if begin >= 0:
                    end = position - 1 if data[position - 1 : position] == b"\r" else position
                    children.append((begin, max(begin, end)))
                if len(children) > self.parts_left:
                    return None
                begin = min(line_end + 1, limit)
                if tail[1] or line_end == limit:  # nothing can follow the last delimiter
                    begin = -1
                    break
            position = data.find(needle, line_end, limit)
        if begin >= 0:  # never closed
            children.append((begin, limit))
        if len(children) > self.parts_left:
            return None
        self.parts_left -= len(children)
        return children


def _describe(part: Part, found: dict[bytes, list[bytes]], default: tuple[str, str]) -> bytes:
    """Fill `part` from its Content-* fields; the boundary."""
    boundary = b""
    part.type, part.subtype = default
    if values := found.get(b"content-type"):
        main, given = parameters.parse(values[0])
        if kind := _TYPE.fullmatch(main):
            part.type, part.subtype = kind[1].decode("ascii").lower(), kind[2].decode("ascii").lower()
        if given:
            part.params = parameters.decoded(given)
            boundary = dict(given).get(b"boundary", b"").rstrip() if part.type == "multipart" else b""
    if values := found.get(b"content-transfer-encoding"):
        encoding = _ENCODING.match(values[0])
        part.encoding = encoding[1].decode("ascii").lower() if encoding else _MISSPELT.get(values[0].lower(), "7bit")
    if values := found.get(b"content-disposition"):
        main, given = parameters.parse(values[0])
        part.disposition = main.decode("ascii", "replace").lower()
        if given:
            part.filename = parameters.decoded(given).get("filename", "")
    if not part.filename and part.params:
        part.filename = part.params.get("name", "")
    if values := found.get(b"content-id"):
        part.content_id = decode(values[0]).strip("<> ")
    return boundary
