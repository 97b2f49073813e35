"""SETANNOTATION (draft-daboo-imap-annotatemore-07)."""

from dataclasses import dataclass

from protocols.imap.wire.annotations import MAX_ENTRIES, EntryValues, parse_entry_values
from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.errors import BadSyntax
from protocols.imap.wire.scanner import Scanner

# What a client may set; the size is computed.
ATTRIBUTES = ("value", "content-type")


@dataclass(frozen=True, slots=True)
class SetAnnotation(Command):
    """mailbox "" is the server."""

    mailbox: str
    entries: tuple[EntryValues, ...]


def parse(tag: bytes, scan: Scanner) -> SetAnnotation:
    """setannotation = "SETANNOTATION" SP mailbox SP (entry-att / "(" entry-att *(SP entry-att) ")"), and several
    without parentheses, as clients write them"""
    scan.space()
    mailbox = scan.mailbox()
    scan.space()
    listed = scan.accept(b"(")
    entries = [parse_entry_values(scan, ATTRIBUTES)]
    while scan.accept(b" ") and not scan.at_end():
        entries.append(parse_entry_values(scan, ATTRIBUTES))
        if len(entries) > MAX_ENTRIES:
            raise BadSyntax("Too many entries")
    if listed:
        scan.expect(b")")
    return SetAnnotation(tag, mailbox, tuple(entries))
