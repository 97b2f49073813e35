"""What a client missed while it was away (RFC 7162 sections 3.2.5 and 3.2.6): VANISHED (EARLIER), then FETCH."""

from bisect import bisect_right
from collections.abc import Iterator

from mailstore.vanished import vanished_since
from protocols.imap.answer import Answer
from protocols.imap.fetching import Fetching
from protocols.imap.view import View
from protocols.imap.wire.commands.fetch import Fetch
from protocols.imap.wire.qresync import QResync
from protocols.imap.wire.sequences import Ranges, SequenceSet, gaps, ranges_of, within
from protocols.imap.wire.vanished import vanished_lines

_ALL = SequenceSet(((1, (1 << 32) - 1),))


def vanished_earlier(view: View, known: SequenceSet, modseq: int, *, above: int = 0) -> bytes:
    """What of the known UIDs above `above` went after the MODSEQ; of all that went, where that is forgotten.

    `*` is the last UID that was given out, not the last message: else nobody would hear that that one went. What the
    view still has is left out: it is told of without EARLIER, when its number goes too (section 3.2.10).
    """
    last = view.uid_next - 1
    ranges: Ranges = []
    for low, high in known.resolve(last):
        if high > above and low <= last:
            ranges.append((max(low, above + 1), min(high, last)))
    gone = vanished_since(view.mailbox_id, modseq)
    if gone is None:
        return vanished_lines(gaps(view.uids, ranges), earlier=True)
    there = [uid for uid in within(gone, ranges) if view.index(uid) < 0]
    return vanished_lines(ranges_of(there), earlier=True)


def missed(view: View, known: QResync, answer: Answer) -> Iterator[bytes]:
    """The answer to SELECT (QRESYNC ...), behind what every SELECT says; nothing where UIDVALIDITY is another."""
    if known.uid_validity != view.uid_validity:
        return
    uids = known.known or _ALL
    above = last_match(view, *known.matches) if known.matches else 0
    yield vanished_earlier(view, uids, known.modseq, above=above)
    fetch = Fetch(b"", uids, ("UID", "FLAGS"), known.modseq, True)
    stretches = view.indexes(uids, uid=True) or []
    yield from Fetching(view, fetch, condstore=True).run(view.uids_in(stretches), answer)


def last_match(view: View, numbers: SequenceSet, uids: SequenceSet) -> int:
    """The highest UID that has the number that the client knows; 0: none. Up to it the client missed no expunge
    (section 3.2.5.2): the lists have as many messages up to there, and none of them can be new."""
    for number, uid, count in reversed(_runs(numbers, uids)):
        count = min(count, len(view) - number + 1)
        if count <= 0:
            continue
        # Both ascend, the view's by one at least: their difference never falls.
        at = bisect_right(range(count), 0, key=lambda step: view.uids[number - 1 + step] - (uid + step)) - 1
        if at >= 0 and view.uids[number - 1 + at] == uid + at:
            return uid + at
    return 0


def _runs(numbers: SequenceSet, uids: SequenceSet) -> list[tuple[int, int, int]]:
    """Pairs of a number and a UID, and how many follow that ascend together."""
    runs = []
    left, right = list(reversed(numbers.ranges)), list(reversed(uids.ranges))
    while left and right:
        (number, last_number), (uid, last_uid) = left.pop(), right.pop()
        count = min(last_number - number, last_uid - uid) + 1
        runs.append((number, uid, count))
        if number + count <= last_number:
            left.append((number + count, last_number))
        if uid + count <= last_uid:
            right.append((uid + count, last_uid))
    return runs
