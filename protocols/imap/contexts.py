"""Results that are kept up to date: UPDATE, ADDTO and REMOVEFROM (RFC 5267 section 4.3).

A context holds the result as the client knows it. When something changed in the mailbox, its search runs again and
the difference is told: what went before the EXPUNGE responses, what came behind EXISTS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from protocols.imap.wire.response import string
from protocols.imap.wire.sequences import compact

if TYPE_CHECKING:
    from protocols.imap.view import View

# Of one selected mailbox; RFC 5267 section 4.3.1 asks for one at least. Each costs a search with every change.
MAX_CONTEXTS = 16


@dataclass(slots=True)
class Context:
    """`find` runs the search again: UIDs in the order of the result."""

    tag: bytes
    find: Callable[[], list[int]]
    uid: bool
    ordered: bool  # a SORT: positions count
    uids: list[int]  # as the client knows them
    correlators: bytes = b""  # beside the tag (RFC 7377 section 2.1)


class Contexts:
    """Those of one selected mailbox, by tag."""

    def __init__(self) -> None:
        self._contexts: dict[bytes, Context] = {}
        self._modseq = 0  # of the mailbox when they were compared
        self._found: dict[bytes, list[int]] = {}

    def __contains__(self, tag: bytes) -> bool:
        return tag in self._contexts

    def __bool__(self) -> bool:
        return bool(self._contexts)

    def open(self, context: Context) -> bool:
        """Keep it; False: there are too many (section 4.3.1)."""
        if len(self._contexts) >= MAX_CONTEXTS:
            return False
        self._contexts[context.tag] = context
        return True

    def cancel(self, tag: bytes) -> None:
        """No more updates for it."""
        self._contexts.pop(tag, None)

    def removals(self, view: View, modseq: int, uid_next: int) -> Iterator[bytes]:
        """REMOVEFROM of each context, by the numbers from before EXPUNGE; `modseq`, `uid_next`: the mailbox's now."""
        self._found = {}
        if modseq == self._modseq:
            return
        self._modseq = modseq
        for tag, context in self._contexts.items():
            found = [uid for uid in context.find() if uid < uid_next]
            self._found[tag] = found
            known = set(context.uids)
            gone = known.difference(found)
            if context.ordered and _order(found, known) != _order(context.uids, known - gone):
                gone = known  # the order itself is another: all anew
            if gone:
                yield _line(view, context, b"REMOVEFROM", _removed(view, context, gone))
                context.uids = [uid for uid in context.uids if uid not in gone]

    def additions(self, view: View) -> Iterator[bytes]:
        """ADDTO of each context, by the numbers from after EXISTS."""
        for tag, found in self._found.items():
            context = self._contexts[tag]
            known = set(context.uids)
            if len(known) < len(found):
                yield _line(view, context, b"ADDTO", _added(view, context, found, known))
            context.uids = found
        self._found = {}


def _order(uids: list[int], among: set[int]) -> list[int]:
    return [uid for uid in uids if uid in among]


def _by_uid(view: View, context: Context) -> bool:
    """What was asked for by number goes on by UID once numbers are off (RFC 9586 section 3)."""
    return context.uid or view.uid_only


def _line(view: View, context: Context, word: bytes, pairs: bytes) -> bytes:
    uid = b" UID" if _by_uid(view, context) else b""
    return b"* ESEARCH (TAG %b%b)%b %b (%b)\r\n" % (string(context.tag), context.correlators, uid, word, pairs)


def _removed(view: View, context: Context, gone: set[int]) -> bytes:
    if not context.ordered:
        return b"0 " + _set(view, context, sorted(gone))
    # From the end, so that the positions before stay what they are.
    runs = list(_runs([uid in gone for uid in context.uids]))
    return b" ".join(
        b"%d %b" % (run.start + 1, _set(view, context, context.uids[run.start : run.stop])) for run in reversed(runs)
    )


def _added(view: View, context: Context, found: list[int], known: set[int]) -> bytes:
    if not context.ordered:
        return b"0 " + _set(view, context, sorted(set(found) - known))
    return b" ".join(
        b"%d %b" % (run.start + 1, _set(view, context, found[run.start : run.stop]))
        for run in _runs([uid not in known for uid in found])
    )


def _runs(wanted: Sequence[bool]) -> Iterator[range]:
    """Stretches of True."""
    start = None
    for at, is_wanted in enumerate((*wanted, False)):
        if is_wanted and start is None:
            start = at
        elif not is_wanted and start is not None:
            yield range(start, at)
            start = None


def _set(view: View, context: Context, uids: Sequence[int]) -> bytes:
    return compact(uids if _by_uid(view, context) else [view.index(uid) + 1 for uid in uids])
