"""FETCH and UID FETCH (RFC 3501 section 6.4.5) with CHANGEDSINCE (RFC 7162 section 3.1.4.1)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.errors import BadSyntax
from protocols.imap.wire.fetch_items import Item, parse_fetch_items
from protocols.imap.wire.scanner import Scanner
from protocols.imap.wire.sequences import SequenceSet


@dataclass(frozen=True, slots=True)
class Fetch(Command):
    """`changed_since`: only messages with a MODSEQ above it; None: all."""

    messages: SequenceSet
    items: tuple[Item, ...]
    changed_since: int | None
    uid: bool


def parse(tag: bytes, scan: Scanner, uid: bool = False) -> Fetch:
    """fetch = "FETCH" SP sequence-set SP (macro / fetch-att / list) [SP "(" "CHANGEDSINCE" SP number ")"]"""
    scan.space()
    messages = scan.sequence_set()
    scan.space()
    items = parse_fetch_items(scan)
    changed_since = None
    if scan.accept(b" ") and not scan.at_end():
        scan.expect(b"(")
        if scan.word() != "CHANGEDSINCE":
            raise BadSyntax("Unknown FETCH modifier")
        scan.space()
        changed_since = scan.number()
        scan.expect(b")")
    return Fetch(tag, messages, items, changed_since, uid)
