"""FETCH and UID FETCH (RFC 3501 section 6.4.5) with the modifiers of RFC 7162 and RFC 9394 section 3.3."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.errors import BadSyntax
from protocols.imap.wire.fetch_items import Item, parse_fetch_items
from protocols.imap.wire.scanner import Scanner
from protocols.imap.wire.search_return import Partial, parse_partial
from protocols.imap.wire.sequences import SequenceSet


@dataclass(frozen=True, slots=True)
class Fetch(Command):
    """`changed_since`: only messages with a MODSEQ above it; None: all. `partial`: only these of the set. `vanished`:
    tell what went since then, too."""

    messages: SequenceSet
    items: tuple[Item, ...]
    changed_since: int | None
    uid: bool
    partial: Partial | None = None
    vanished: bool = False


def parse(tag: bytes, scan: Scanner, uid: bool = False) -> Fetch:
    """fetch = "FETCH" SP sequence-set SP (macro / fetch-att / list) [SP fetch-modifiers]"""
    scan.space()
    messages = scan.sequence_set()
    scan.space()
    items = parse_fetch_items(scan)
    changed_since, partial, vanished = None, None, False
    if scan.accept(b" ") and not scan.at_end():
        changed_since, partial, vanished = _modifiers(scan, uid)
    if vanished and changed_since is None:
        raise BadSyntax("VANISHED needs CHANGEDSINCE")
    return Fetch(tag, messages, items, changed_since, uid, partial, vanished)


def _modifiers(scan: Scanner, uid: bool) -> tuple[int | None, Partial | None, bool]:
    """fetch-modifiers = "(" fetch-modifier *(SP fetch-modifier) ")"; PARTIAL and VANISHED are UID FETCH's only"""
    changed_since, partial, vanished = None, None, False
    scan.expect(b"(")
    while not scan.accept(b")"):
        name = scan.word()
        if name == "VANISHED" and uid and not vanished:
            vanished = True
        elif name == "CHANGEDSINCE" and changed_since is None:
            scan.space()
            changed_since = scan.number()
        elif name == "PARTIAL" and uid:
            scan.space()
            partial = parse_partial(scan)
        else:
            raise BadSyntax("Unknown FETCH modifier, or one twice")
        if scan.peek() != b")":
            scan.space()
    return changed_since, partial, vanished
