"""ID (RFC 2971)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.errors import BadSyntax
from protocols.imap.wire.scanner import Scanner

MAX_PAIRS = 30  # RFC 2971 section 3.3: no more than 30 field-value pairs


@dataclass(frozen=True, slots=True)
class Id(Command):
    """What the client says of itself; nothing depends on it (RFC 2971 section 1)."""

    fields: tuple[tuple[str, str], ...]


def parse(tag: bytes, scan: Scanner) -> Id:
    """id = "ID" SP ("NIL" / "(" *(string SP nstring) ")")"""
    scan.space()
    if not scan.accept(b"("):
        if scan.word() != "NIL":
            raise BadSyntax("Expected a list or NIL")
        return Id(tag, ())
    pairs = []
    while not scan.accept(b")"):
        name = scan.astring().decode("utf-8", "replace")
        scan.space()
        pairs.append((name, scan.astring().decode("utf-8", "replace")))
        scan.accept(b" ")
        if len(pairs) > MAX_PAIRS:
            raise BadSyntax("Too many ID fields")
    return Id(tag, tuple(pairs))
