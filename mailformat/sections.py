"""BODY[...] of IMAP FETCH (RFC 3501 section 6.4.5) by the stored offsets."""

from __future__ import annotations

from dataclasses import dataclass

from mailformat.headers import subset
from mailformat.parts import Part, find_part


@dataclass(frozen=True, slots=True)
class SectionSpec:
    """What stands between the brackets: `part` is "" or a number like "1.2"; `text` is "", "HEADER",
    "HEADER.FIELDS", "HEADER.FIELDS.NOT", "TEXT" or "MIME"; `fields` are the names of HEADER.FIELDS(.NOT)."""

    part: str = ""
    text: str = ""
    fields: tuple[bytes, ...] = ()


def section(data: bytes, root: Part, spec: SectionSpec) -> bytes | None:
    """The octets of a section; None where the message has no such part, or it has no such header.

    MIME needs a part number; with one, HEADER and TEXT need a message/rfc822 part.
    """
    if not spec.part:
        return data if not spec.text else _of_message(data, root, spec)
    part = find_part(root, spec.part)
    if part is None:
        return None
    if not spec.text:
        return data[part.body_start : part.end]
    if spec.text == "MIME":
        return data[part.header_start : part.body_start]
    return None if part.message is None else _of_message(data, part.message, spec)


def _of_message(data: bytes, root: Part, spec: SectionSpec) -> bytes | None:
    if spec.text == "TEXT":
        return data[root.body_start : root.end]
    header = data[root.header_start : root.body_start]
    if spec.text == "HEADER":
        return header
    if spec.text == "HEADER.FIELDS":
        return subset(header, spec.fields)
    if spec.text == "HEADER.FIELDS.NOT":
        return subset(header, spec.fields, invert=True)
    return None
