"""What SEARCH, SORT and ESEARCH found, as responses: SEARCH and SORT, or ESEARCH (RFC 4466 section 2.6.2, RFC 4731)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mailstore.reading import fetch_rows
from protocols.imap.view import View
from protocols.imap.wire.response import string
from protocols.imap.wire.search_return import ReturnOptions
from protocols.imap.wire.sequences import compact

Scores = Callable[[Sequence[int]], Sequence[int]]  # UIDs -> 1 to 100 (RFC 6203 section 4)


@dataclass(frozen=True, slots=True)
class Found:
    """A result. `uids` are in its order; `scores` is asked only where RELEVANCY is wanted."""

    view: View
    uids: Sequence[int]
    uid: bool  # the client is told UIDs, not sequence numbers
    uses_modseq: bool = False
    scores: Scores | None = None

    def numbers(self) -> Sequence[int]:
        """What the client is told, in the order of the result."""
        if self.uid:
            return self.uids
        ascending = sorted(self.uids)
        numbers = self.view.numbered(ascending)
        if ascending == list(self.uids):
            return numbers
        number_of = dict(zip(ascending, numbers, strict=True))
        return [number_of[uid] for uid in self.uids]


def known_to(view: View, uids: list[int]) -> list[int]:
    """Of a result those that this session has been told of: numbers of others mean nothing to it."""
    if max(uids, default=0) < view.uid_next:
        return uids
    return [uid for uid in uids if uid < view.uid_next]


def plain_response(word: bytes, found: Found) -> bytes:
    """`* SEARCH 2 3 6 (MODSEQ 917)` (RFC 3501 section 7.2.5, RFC 7162 section 3.1.5); SORT alike."""
    line = b"* %b%b" % (word, "".join(f" {number}" for number in found.numbers()).encode())
    if found.uses_modseq and found.uids:
        line += b" (MODSEQ %d)" % _highest_modseq(found.view, found.uids)
    return line + b"\r\n"


def esearch_response(tag: bytes, options: ReturnOptions, found: Found, *, correlators: bytes = b"") -> bytes:
    """`* ESEARCH (TAG "A282") MIN 2 COUNT 3`, or nothing where nothing was asked for.

    correlators: beside the tag, of a multimailbox search (RFC 7377 section 2.1).
    """
    if options.silent:
        return b""
    items = [b"* ESEARCH (TAG %b%b)%b" % (string(tag), correlators, b" UID" if found.uid else b"")]
    items += _items(options, found, found.numbers())
    if found.uses_modseq and found.uids:
        items.append(b"MODSEQ %d" % _highest_modseq(found.view, covered(options, found.uids)))
    return b" ".join(items) + b"\r\n"


def _items(options: ReturnOptions, found: Found, numbers: Sequence[int]) -> list[bytes]:
    items = []
    returned = numbers
    if "MIN" in options.names and numbers:
        items.append(b"MIN %d" % numbers[0])
    if "MAX" in options.names and numbers:
        items.append(b"MAX %d" % numbers[-1])
    if "ALL" in options.names and numbers:
        items.append(b"ALL " + compact(numbers))
    uids = found.uids
    if options.partial is not None:
        part = options.partial.slice(len(numbers))
        returned, uids = numbers[part], uids[part]
        items.append(b"PARTIAL (%b %b)" % (options.partial.text, compact(returned) or b"NIL"))
    if "COUNT" in options.names:
        items.append(b"COUNT %d" % len(numbers))
    if "RELEVANCY" in options.names and found.scores is not None:
        items.append(b"RELEVANCY (%b)" % " ".join(map(str, found.scores(uids))).encode())
    return items


def covered(options: ReturnOptions, uids: Sequence[int]) -> Sequence[int]:
    """The messages that the options speak of: what `$` becomes and what MODSEQ is the highest of.

    RFC 4731 section 3.2, RFC 5182 section 2.4, RFC 9394 section 3.2: MIN, MAX and PARTIAL narrow it, unless ALL or
    COUNT speak of every message.
    """
    narrowed = options.names & {"MIN", "MAX"} or options.partial is not None
    if not narrowed or options.names & {"ALL", "COUNT"}:
        return uids
    some = set(uids[options.partial.slice(len(uids))] if options.partial is not None else ())
    if "MIN" in options.names:
        some.update(uids[:1])
    if "MAX" in options.names:
        some.update(uids[-1:])
    return [uid for uid in uids if uid in some]


def _highest_modseq(view: View, uids: Sequence[int]) -> int:
    batches = fetch_rows(view.mailbox_id, sorted(uids), ("uid", "modseq"), view.reader)
    return max((row[1] for rows in batches for row in rows), default=view.modseq)
