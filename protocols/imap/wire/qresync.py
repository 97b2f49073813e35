"""The Quick Resynchronization parameter of SELECT and EXAMINE (RFC 7162 section 3.2.5)."""

from dataclasses import dataclass
from itertools import pairwise

from protocols.imap.wire.errors import BadSyntax
from protocols.imap.wire.scanner import Scanner
from protocols.imap.wire.sequences import MAX_NUMBER, STAR, SequenceSet


@dataclass(frozen=True, slots=True)
class QResync:
    """What the client knows. `known`: UIDs, None: all; `matches`: numbers and their UIDs, as many of each."""

    uid_validity: int
    modseq: int
    known: SequenceSet | None
    matches: tuple[SequenceSet, SequenceSet] | None


def parse_qresync(scan: Scanner) -> QResync:
    """ "(" uidvalidity SP mod-sequence-value [SP known-uids] [SP seq-match-data] ")" """
    scan.space()
    scan.expect(b"(")
    uid_validity = _positive(scan, MAX_NUMBER)
    scan.space()
    modseq = _positive(scan, (1 << 63) - 1)
    known, matches = None, None
    if scan.accept(b" ") and scan.peek() != b"(":
        known = _without_star(scan)
        scan.accept(b" ")
    if scan.accept(b"("):
        matches = _match_data(scan)
    scan.expect(b")")
    return QResync(uid_validity, modseq, known, matches)


def _match_data(scan: Scanner) -> tuple[SequenceSet, SequenceSet]:
    """seq-match-data = "(" known-sequence-set SP known-uid-set ")", its "(" read already; both ascend"""
    numbers = _ascending(_without_star(scan))
    scan.space()
    uids = _ascending(_without_star(scan))
    scan.expect(b")")
    if _count(numbers) != _count(uids):
        raise BadSyntax("There must be as many UIDs as message numbers")
    return numbers, uids


def _positive(scan: Scanner, limit: int) -> int:
    value = scan.number()
    if not 1 <= value <= limit:
        raise BadSyntax("Number out of range")
    return value


def _without_star(scan: Scanner) -> SequenceSet:
    found = scan.sequence_set()
    if found.saved or any(STAR in pair for pair in found.ranges):
        raise BadSyntax("Only numbers are allowed here")
    return found


def _ascending(numbers: SequenceSet) -> SequenceSet:
    flat = [number for pair in numbers.ranges for number in dict.fromkeys(pair)]
    if any(after <= before for before, after in pairwise(flat)):
        raise BadSyntax("The numbers must ascend")
    return numbers


def _count(numbers: SequenceSet) -> int:
    return sum(high - low + 1 for low, high in numbers.ranges)
