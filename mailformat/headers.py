"""Header fields (RFC 5322 section 2.2): splitting, unfolding, decoding for display, subsets."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from mailformat.charsets import to_text
from mailformat.encodedwords import decode_words
from mailformat.limits import MAX_FIELD_OCTETS

_CONTROLS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_WHITE = b" \t"


@dataclass(frozen=True, slots=True)
class HeaderField:
    """A field: `name` as written, `raw_value` behind the colon with its folding, and
    where it stands in the header (`end` behind its last line end). A line without a
    colon has the name b""."""

    name: bytes
    raw_value: bytes
    start: int
    end: int


def fields(header: bytes) -> list[HeaderField]:
    """The fields in order, up to the blank line or the end."""
    return [
        HeaderField(name, header[start:end][len(name) :].partition(b":")[2].rstrip(b"\r\n"), start, end)
        if name
        else HeaderField(b"", header[start:end].rstrip(b"\r\n"), start, end)
        for name, start, end in _spans(header)
    ]


def find(header: bytes, name: str) -> bytes | None:
    """The unfolded value of the first field of that name (any case), or None."""
    values = all_values(header, name)
    return values[0] if values else None


def all_values(header: bytes, name: str) -> list[bytes]:
    """The unfolded values of all fields of that name (any case)."""
    wanted = name.lower().encode("ascii", "replace")
    return [unfold(field.raw_value) for field in fields(header) if field.name.lower() == wanted]


def unfold(value: bytes) -> bytes:
    """The value on one line, without white space around it (RFC 5322 section 2.2.3)."""
    if b"\n" in value or b"\r" in value:
        value = b"".join(value.splitlines())
    return value.strip(b" \t\r\n")


def decode(value: bytes | str) -> str:
    """A value for display, on one line: encoded words (RFC 2047), raw UTF-8 (RFC 6532), and
    raw legacy charsets by guess. Never raises."""
    octets = value if isinstance(value, bytes) else value.encode("utf-8", "replace")
    if octets.isascii() and b"=?" not in octets:  # most values
        text = octets.decode("ascii")
        if text.isprintable():
            return text.strip(" ")
    octets = unfold(octets)
    text = decode_words(octets) if b"=?" in octets else to_text(octets)
    return without_controls(text)


def without_controls(text: str) -> str:
    """`text` on one line: each run of control characters becomes a space."""
    return text if text.isprintable() else _CONTROLS.sub(" ", text).strip()


def subset(header: bytes, names: Iterable[bytes], *, invert: bool = False) -> bytes:
    """The fields of these names, or all but these, as they stand, then a blank line
    (RFC 3501 section 6.4.5 HEADER.FIELDS and HEADER.FIELDS.NOT)."""
    wanted = {name.lower() for name in names}
    out = [header[start:end] for name, start, end in _spans(header) if (name.lower() in wanted) is not invert]
    if out and not out[-1].endswith(b"\n"):
        out.append(b"\r\n")
    out.append(b"\r\n")
    return b"".join(out)


def collect(header: bytes, wanted: Collection[bytes]) -> dict[bytes, list[bytes]]:
    """The unfolded values of the wanted fields (lower-case names), each up to MAX_FIELD_OCTETS:
    the fast way through a header."""
    found: dict[bytes, list[bytes]] = {}
    values: list[bytes] | None = None
    folds: list[bytes] = []
    for line in header.split(b"\n"):
        if line[:1] in (b" ", b"\t"):
            if values is not None:
                folds.append(line.rstrip(b"\r"))
            continue
        if folds and values is not None:
            values[-1] = (values[-1] + b"".join(folds)).strip(_WHITE)[:MAX_FIELD_OCTETS]
            folds = []
        name, colon, value = line.partition(b":")
        name = name.lower()
        if name not in wanted:
            name = name.rstrip(_WHITE)  # obsolete syntax, RFC 5322 section 4.5
        if colon and name in wanted:
            values = found.setdefault(name, [])
            values.append(value.strip(b" \t\r")[:MAX_FIELD_OCTETS])
        else:
            values = None
    if folds and values is not None:
        values[-1] = (values[-1] + b"".join(folds)).strip(_WHITE)[:MAX_FIELD_OCTETS]
    return found


def _spans(header: bytes) -> list[tuple[bytes, int, int]]:
    """(name, start, end) of each field; folded lines belong to the one before."""
    spans: list[tuple[bytes, int, int]] = []
    position = 0
    for line in header.split(b"\n"):
        end = min(position + len(line) + 1, len(header))
        if not line or (line == b"\r" and end > position + 1):  # a blank line, not a lone CR at the end
            break
        if line[:1] in (b" ", b"\t") and spans:
            name, start, _ = spans[-1]
            spans[-1] = (name, start, end)
        else:
            name, colon, _ = line.partition(b":")
            spans.append((name.rstrip(_WHITE) if colon else b"", position, end))
        position = end
    return spans
