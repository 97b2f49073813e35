"""Which parts of a message are read, which are shown inside it, and which are files."""

import re
from dataclasses import dataclass, field

from mailformat.mime import Part

MAX_BODIES = 20  # text parts shown one below the other (mailing lists add footers); further ones are files
EXTENSIONS = {"message/rfc822": ".eml", "text/calendar": ".ics", "text/html": ".html", "text/plain": ".txt"}


@dataclass(frozen=True, slots=True)
class Body:
    """A text part to read; plain is the other form of an HTML part, where the sender gave one."""

    part: Part
    plain: Part | None = None

    @property
    def is_html(self) -> bool:
        return self.part.content_type == "text/html"


@dataclass(slots=True)
class Layout:
    """The parts of one message by what the reader does with them; inline: content id -> part."""

    bodies: list[Body] = field(default_factory=list)
    files: list[Part] = field(default_factory=list)
    inline: dict[str, Part] = field(default_factory=dict)


def lay_out(root: Part) -> Layout:
    """Sorts the leaves of a message."""
    layout = Layout()
    _visit(root, layout)
    return layout


def _visit(part: Part, layout: Layout) -> None:
    if part.type != "multipart":
        _leaf(part, layout)
    elif part.subtype == "alternative":
        _alternative(part, layout)
    else:
        for child in part.children:
            _visit(child, layout)


def _leaf(part: Part, layout: Layout) -> None:
    readable = part.content_type in ("text/plain", "text/html") and part.disposition != "attachment"
    if readable and not part.filename and len(layout.bodies) < MAX_BODIES:
        layout.bodies.append(Body(part))
        return
    if part.content_id:
        layout.inline.setdefault(part.content_id.strip("<>"), part)
    layout.files.append(part)


def _alternative(part: Part, layout: Layout) -> None:
    """RFC 2046 section 5.1.4: the last form that can be shown; everything else in it stays a file."""
    plain: Part | None = None
    chosen: Layout | None = None
    for child in part.children:
        inner = Layout()
        _visit(child, inner)
        if child.content_type == "text/plain" and inner.bodies:
            plain = child
        if inner.bodies:
            chosen = inner
        elif inner.files:
            layout.files.extend(inner.files)
    if chosen is None:
        return
    first, *rest = chosen.bodies
    layout.bodies.append(Body(first.part, plain if first.is_html else None))
    layout.bodies.extend(rest)
    layout.files.extend(chosen.files)
    layout.inline.update(chosen.inline)


def file_name(part: Part, fallback: str) -> str:
    """A name to save the part under: the sender's without folders and controls, else the fallback."""
    name = re.sub(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", "", part.filename)
    name = name.replace("\\", "/").rsplit("/", 1)[-1].strip(". ")
    return name[:200] or fallback + EXTENSIONS.get(part.content_type, "")


def decoded_size(part: Part) -> int:
    """About how many octets the file has; exact for 7bit, 8bit and binary."""
    if part.encoding == "base64":
        return part.size * 57 // 78  # 57 octets become a line of 76 characters and CRLF
    return part.size
