"""What a handler gives back: the session adds news of the mailbox and the tagged line."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(slots=True)
class Answer:
    """On the wire: `untagged`, then `more`, then news of the selected mailbox, then the tagged response."""

    text: str = "Done"
    status: str = "OK"  # OK, NO or BAD
    code: bytes = b""  # a response code without its brackets
    untagged: bytes = b""
    more: Iterator[bytes] | None = None  # large answers, a batch at a time
    close: bool = False
    start_tls: bool = False
    compress: bool | None = None  # True: from here on (RFC 4978); False: no longer

    def become(self, other: "Answer") -> None:
        """Say in the end what the other one says: it went otherwise than expected."""
        self.text, self.status, self.code = other.text, other.status, other.code


def no(text: str, code: bytes = b"") -> Answer:
    """Refused (RFC 3501 section 7.1.2)."""
    return Answer(text, "NO", code)


def bad(text: str, code: bytes = b"") -> Answer:
    """Wrong at this place or in this form (section 7.1.3)."""
    return Answer(text, "BAD", code)
