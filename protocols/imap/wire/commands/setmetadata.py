"""SETMETADATA (RFC 5464 section 4.3)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.entry_names import MAX_ENTRIES, parse_entry
from protocols.imap.wire.errors import BadSyntax
from protocols.imap.wire.scanner import Scanner
from protocols.imap.wire.values import parse_value


@dataclass(frozen=True, slots=True)
class SetMetadata(Command):
    """mailbox "" is the server; a value of None removes the entry. Names are in lower case."""

    mailbox: str
    values: tuple[tuple[str, bytes | None], ...]


def parse(tag: bytes, scan: Scanner) -> SetMetadata:
    """setmetadata = "SETMETADATA" SP mailbox SP "(" entry SP value *(SP entry SP value) ")" """
    scan.space()
    mailbox = scan.mailbox()
    scan.space()
    scan.expect(b"(")
    values: dict[str, bytes | None] = {}
    while True:
        name = parse_entry(scan)
        scan.space()
        if name in values or len(values) == MAX_ENTRIES:
            raise BadSyntax("An entry is named twice, or too many are")
        values[name] = parse_value(scan)
        while scan.accept(b" "):
            pass
        if scan.accept(b")"):
            return SetMetadata(tag, mailbox, tuple(values.items()))
