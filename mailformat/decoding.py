"""The content of a part: transfer encoding and charset undone."""

from __future__ import annotations

import re

from mailformat.charsets import to_text
from mailformat.parts import Part
from mailformat.transfer import undo

_COMPOSITE = ("multipart", "message")
# Where HTML names its charset itself; browsers look at the first 1024 octets too.
_META = re.compile(rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_META_WITHIN = 1024
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def decoded(data: bytes, part: Part) -> bytes:
    """The body of `part` without its transfer encoding. Multipart and message bodies have none
    (RFC 2045 section 6.4) and come as they are."""
    body = data[part.body_start : part.end]
    return body if part.type in _COMPOSITE else undo(body, part.encoding)


def text_of(data: bytes, part: Part) -> str:
    """The body of a text part as text, line ends as in the message. Never raises."""
    return octets_to_text(decoded(data, part), part)


def octets_to_text(octets: bytes, part: Part) -> str:
    """Decoded octets of `part` as text: byte order mark, declared charset, HTML's own word, guess."""
    for mark, charset in _BYTE_ORDER_MARKS:
        if octets.startswith(mark):
            return to_text(octets[len(mark) :], charset)
    charset = part.params.get("charset", "")
    if not charset and part.subtype == "html":
        meta = _META.search(octets, 0, _META_WITHIN)
        charset = meta[1].decode("ascii") if meta else ""
    return to_text(octets, charset)
