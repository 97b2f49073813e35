"""sequence-set (RFC 3501 section 9): `1:3,5,7:*`, or `$`, what the last SEARCH saved (RFC 5182)."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from protocols.imap.wire.errors import BadSyntax

MAX_NUMBER = 4_294_967_295  # nz-number is an unsigned 32-bit integer
STAR = MAX_NUMBER + 1  # "*", the largest number in use, in SequenceSet.ranges

_SET = re.compile(rb"(?:\*|\d{1,10})(?::(?:\*|\d{1,10}))?(?:,(?:\*|\d{1,10})(?::(?:\*|\d{1,10}))?)*\Z")

Ranges = list[tuple[int, int]]  # both ends included, ascending, disjoint


@dataclass(frozen=True, slots=True)
class SequenceSet:
    """As written; `*` is STAR. Ranges, never single numbers: 1:4294967295 costs one pair. `saved`: it is `$`."""

    ranges: tuple[tuple[int, int], ...]
    saved: bool = False

    def resolve(self, last: int) -> Ranges:
        """Ascending, disjoint, merged ranges, where `*` is `last` (0: there is none, and `*` names nothing)."""
        plain: Ranges = []
        for start, end in self.ranges:
            if last == 0 and STAR in (start, end):
                continue
            low, high = (last if start == STAR else start), (last if end == STAR else end)
            plain.append((low, high) if low <= high else (high, low))
        return merge(plain)

    @property
    def highest(self) -> int:
        """The largest number that is written out; 0 when there is only `*`."""
        return max((n for pair in self.ranges for n in pair if n != STAR), default=0)


def merge(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Ascending ranges of which none touches the next."""
    merged: Ranges = []
    for low, high in sorted(ranges):
        if merged and low <= merged[-1][1] + 1:
            if high > merged[-1][1]:
                merged[-1] = (merged[-1][0], high)
        else:
            merged.append((low, high))
    return merged


def parse_sequence_set(text: bytes) -> SequenceSet:
    """BadSyntax for anything else, zero and numbers over 32 bits included."""
    if text == b"$":
        return SequenceSet((), saved=True)
    if not _SET.match(text):
        raise BadSyntax("Bad sequence set")
    return SequenceSet(tuple(_range(piece) for piece in text.split(b",")))


def _range(piece: bytes) -> tuple[int, int]:
    start, colon, end = piece.partition(b":")
    first = _number(start)
    return (first, _number(end)) if colon else (first, first)


def _number(text: bytes) -> int:
    return STAR if text == b"*" else parse_nz_number(text)


def parse_nz_number(text: bytes) -> int:
    """nz-number: 1 to 4,294,967,295."""
    number = int(text)
    if not 1 <= number <= MAX_NUMBER:
        raise BadSyntax("Number out of range")
    return number


def within(numbers: Sequence[int], ranges: Ranges) -> list[int]:
    """Of ascending numbers those that lie in the ranges."""
    found: list[int] = []
    for low, high in ranges:
        found.extend(numbers[bisect_left(numbers, low) : bisect_right(numbers, high)])
    return found


def common(few: Sequence[int], many: Sequence[int]) -> Iterator[int]:
    """The numbers of `few` that are among the ascending `many`."""
    for number in few:
        at = bisect_left(many, number)
        if at < len(many) and many[at] == number:
            yield number


def gaps(numbers: Sequence[int], ranges: Ranges) -> Ranges:
    """What of the ranges is not among the ascending numbers."""
    missing: Ranges = []
    for low, high in ranges:
        for number in numbers[bisect_left(numbers, low) : bisect_right(numbers, high)]:
            if low < number:
                missing.append((low, number - 1))
            low = number + 1
        if low <= high:
            missing.append((low, high))
    return missing


def ranges_of(numbers: Iterable[int]) -> Ranges:
    """Ascending numbers as ranges: 1, 2, 3, 5 -> (1, 3), (5, 5)."""
    found: Ranges = []
    start = last = -1
    for number in numbers:
        if number != last + 1 or start < 0:
            if start >= 0:
                found.append((start, last))
            start = number
        last = number
    if start >= 0:
        found.append((start, last))
    return found


def set_text(ranges: Iterable[tuple[int, int]]) -> bytes:
    """Ranges as a set."""
    return ",".join(_text(low, high) for low, high in ranges).encode()


def compact(numbers: Iterable[int]) -> bytes:
    """Ascending numbers as a set: 1,2,3,5 -> 1:3,5."""
    return set_text(ranges_of(numbers))


def _text(start: int, end: int) -> str:
    return str(start) if start == end else f"{start}:{end}"
