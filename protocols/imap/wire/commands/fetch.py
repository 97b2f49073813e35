"""FETCH and UID FETCH (RFC 3501 section 6.4.5) with CHANGEDSINCE (RFC 7162) and PARTIAL (RFC 9394 section 3.3)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.errors import BadSyntax
from protocols.imap.wire.fetch_items import Item, parse_fetch_items
from protocols.imap.wire.scanner import Scanner
from protocols.imap.wire.search_return import Partial, parse_partial
from protocols.imap.wire.sequences import SequenceSet


@dataclass(frozen=True, slots=True)
class Fetch(Command):
    """`changed_since`: only messages with a MODSEQ above it; None: all. `partial`: only these of the set."""

    messages: SequenceSet
    items: tuple[Item, ...]
    changed_since: int | None
    uid: bool
    partial: Partial | None = None


def parse(tag: bytes, scan: Scanner, uid: bool = False) -> Fetch:
    """fetch = "FETCH" SP sequence-set SP (macro / fetch-att / list) [SP "(" fetch-modifier *(SP fetch-modifier) ")"]"""
    scan.space()
    messages = scan.sequence_set()
    scan.space()
    items = parse_fetch_items(scan)
    changed_since = partial = None
    if scan.accept(b" ") and not scan.at_end():
        scan.expect(b"(")
        while not scan.accept(b")"):
            name = scan.word()
            scan.space()
            if name == "CHANGEDSINCE":
                changed_since = scan.number()
            elif name == "PARTIAL" and uid:
                partial = parse_partial(scan)
            else:
                raise BadSyntax("Unknown FETCH modifier")
            if scan.peek() != b")":
                scan.space()
    return Fetch(tag, messages, items, changed_since, uid, partial)
