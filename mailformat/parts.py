"""The tree of MIME parts: offsets into the message, and what the part's header says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Part:
    """One MIME entity. Offsets are octets from the start of the message.

    `header_start:body_start` is the header with its blank line, `body_start:end` the
    still encoded body. `number` is the IMAP part number (RFC 3501 section 6.4.5): "1",
    "1.2"; "" for the root of a multipart message, which has none. `message` is the root
    of the message inside a message/rfc822 part.
    """

    header_start: int
    body_start: int
    end: int
    type: str = "text"
    subtype: str = "plain"
    params: dict[str, str] = field(default_factory=dict)
    encoding: str = "7bit"
    disposition: str = ""
    filename: str = ""
    content_id: str = ""
    lines: int = 0
    children: tuple[Part, ...] = ()
    message: Part | None = None
    number: str = ""
    # The unfolded Content-* (and, of a message, envelope) fields; only right after scan(), never stored.
    header_fields: dict[bytes, list[bytes]] | None = field(default=None, repr=False, compare=False)

    @property
    def content_type(self) -> str:
        """`type/subtype`, in lower case."""
        return f"{self.type}/{self.subtype}"

    @property
    def size(self) -> int:
        """Octets of the body, as transferred."""
        return self.end - self.body_start

    def walk(self) -> Iterator[Part]:
        """This part and all below it, in the order of the message; into attached messages too."""
        waiting = [self]
        while waiting:
            part = waiting.pop()
            yield part
            if part.message is not None:
                waiting.append(part.message)
            waiting.extend(reversed(part.children))


def find_part(root: Part, number: str) -> Part | None:
    """The part with an IMAP part number ("" is the root), or None (RFC 3501 section 6.4.5)."""
    part = root
    if not number:
        return root
    for level, digits in enumerate(number.split(".")):
        if not (digits.isascii() and digits.isdigit() and digits[0] != "0"):
            return None
        if level and part.message is not None:
            part = part.message
        elif level and not part.children:
            return None
        index = int(digits[:9]) - 1
        if part.type == "multipart":
            if index >= len(part.children):
                return None
            part = part.children[index]
        elif index:
            return None
    return part


def number_parts(root: Part, prefix: str = "") -> None:
    """Give every part of a message its IMAP part number (RFC 3501 section 6.4.5)."""
    if root.type != "multipart":
        root.number = prefix + "1"
        _number_below(root)
        return
    root.number = ""
    _number_children(root, prefix)


def _number_below(part: Part) -> None:
    if part.message is not None:
        number_parts(part.message, part.number + ".")
    elif part.children:
        _number_children(part, part.number + ".")


def _number_children(part: Part, prefix: str) -> None:
    for index, child in enumerate(part.children, 1):
        child.number = f"{prefix}{index}"
        if child.children or child.message is not None:
            _number_below(child)
