"""Binary content made fit for those who cannot take it (RFC 3516 sections 4.4 and 6): NULs go into base64."""

from __future__ import annotations

from binascii import b2a_base64
from collections.abc import Iterator

from mailformat.headers import fields
from mailformat.parts import Part
from mailformat.scanner import scan

_IDENTITY = ("7bit", "8bit", "binary")
_COMPOSITE = ("multipart", "message")
_LINE = 57  # octets that make a line of 76 characters (RFC 2045 section 6.8)
_FIELD = b"Content-Transfer-Encoding: base64\r\n"
_MIME_VERSION = b"MIME-Version: 1.0\r\n"


def without_nuls(data: bytes) -> bytes | None:
    """The message with each leaf part that has a NUL in it encoded in base64, and otherwise octet for octet as it was.

    None where a NUL stands that no transfer encoding reaches: in a header, between the parts, or in a part that is
    encoded already (RFC 2045 section 6.4 forbids to encode twice).
    """
    root = scan(data)
    pieces: list[bytes] = []
    done = 0
    for part in _binary_leaves(data, root):
        if part.encoding not in _IDENTITY:
            return None
        pieces += (data[done : part.header_start], _header(data, part, whole=part is root), _base64(data, part))
        if part.end == len(data):
            pieces.append(b"\r\n")  # otherwise the line end belongs to the boundary
        done = part.end
    changed = b"".join((*pieces, data[done:]))
    return None if b"\0" in changed else changed


def _binary_leaves(data: bytes, root: Part) -> Iterator[Part]:
    """In the order of the message."""
    return (part for part in root.walk() if part.type not in _COMPOSITE and b"\0" in data[part.body_start : part.end])


def _header(data: bytes, part: Part, *, whole: bool) -> bytes:
    """The part's header with the new encoding in the place of the old one, or as its last field."""
    header = data[part.header_start : part.body_start]
    found = fields(header)
    old = [field for field in found if field.name.lower() == b"content-transfer-encoding"]
    place = old[0].start if old else max((field.end for field in found), default=0)
    named = {field.name.lower() for field in found}
    version = _MIME_VERSION if whole and b"mime-version" not in named else b""
    kept = [header[:place], version, _FIELD]
    for field in old:
        kept.append(header[place : field.start])
        place = field.end
    return b"".join((*kept, header[place:]))


def _base64(data: bytes, part: Part) -> bytes:
    octets = memoryview(data)[part.body_start : part.end]
    lines = [b2a_base64(octets[start : start + _LINE], newline=False) for start in range(0, len(octets), _LINE)]
    return b"\r\n".join(lines)
