"""GETANNOTATION (draft-daboo-imap-annotatemore-07, before METADATA took its place)."""

from dataclasses import dataclass

from protocols.imap.wire.annotations import parse_attributes, parse_entry_matches
from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.scanner import Scanner

ATTRIBUTES = ("value", "content-type", "size")


@dataclass(frozen=True, slots=True)
class GetAnnotation(Command):
    """mailbox: still as on the wire, for it may be a pattern; b"" is the server. Attributes with their suffixes."""

    mailbox: bytes
    entries: tuple[str, ...]
    attributes: tuple[str, ...]


def parse(tag: bytes, scan: Scanner) -> GetAnnotation:
    """getannotation = "GETANNOTATION" SP list-mailbox SP entries SP attribs"""
    scan.space()
    mailbox = scan.list_pattern()
    scan.space()
    entries = parse_entry_matches(scan)
    scan.space()
    return GetAnnotation(tag, mailbox, entries, parse_attributes(scan, ATTRIBUTES))
