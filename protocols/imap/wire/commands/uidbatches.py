"""UIDBATCHES (RFC 10022)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.errors import BadSyntax
from protocols.imap.wire.scanner import Scanner
from protocols.imap.wire.sequences import MAX_NUMBER


@dataclass(frozen=True, slots=True)
class UidBatches(Command):
    """`size`: messages in a batch; `batches`: the first and the last that are asked for, 1 being that of the newest
    messages; None: all."""

    size: int
    batches: tuple[int, int] | None


def parse(tag: bytes, scan: Scanner) -> UidBatches:
    """uidbatches = "UIDBATCHES" SP nz-number [SP nz-number ":" nz-number]"""
    scan.space()
    size = _positive(scan)
    if not scan.accept(b" ") or scan.at_end():
        return UidBatches(tag, size, None)
    first = _positive(scan)
    scan.expect(b":")
    last = _positive(scan)
    return UidBatches(tag, size, (min(first, last), max(first, last)))


def _positive(scan: Scanner) -> int:
    number = scan.number()
    if not 1 <= number <= MAX_NUMBER:
        raise BadSyntax("Number out of range")
    return number
