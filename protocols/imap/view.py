"""What one session sees of its mailbox: the only place that maps UIDs and sequence numbers.

Sequence numbers change only when this session is told so (RFC 3501 section 7.4.1): a message that another session
expunged keeps its number here until EXPUNGE may be sent.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from mailstore.flags import pack_keywords
from mailstore.messages import Changes, FlagState, Snapshot, StoreResult
from protocols.imap.contexts import Contexts
from protocols.imap.wire.flag_lists import FLAG_TEXTS, RECENT, flags_line
from protocols.imap.wire.sequences import Ranges, SequenceSet, merge, ranges_of
from protocols.imap.wire.vanished import vanished_lines

# Above this many expunged messages the array is built anew; below, each is cut out.
REBUILD_FROM = 16
NEVER = 1 << 32  # above every UID


class View:
    """`uids[n - 1]` is the UID of sequence number n. Indexes below are sequence numbers minus one."""

    __slots__ = (
        "_behind", "_expunged", "_own_modseqs", "_recent", "account_id", "annotates", "contexts", "hidden", "keywords",
        "mailbox_id", "modseq", "name", "read_only", "reader", "recent_from", "rights", "saved", "shrank",
        "tells_recent", "uid_next", "uid_only", "uid_validity", "uids",
    )  # fmt: skip

    def __init__(self, snapshot: Snapshot, *, read_only: bool, tells_recent: bool = True) -> None:
        info = snapshot.info
        self.account_id = info.acting_id
        self.reader = info.reader  # as in MailboxInfo: 0 in a mailbox of one's own
        self.rights = info.rights
        self.mailbox_id = info.id
        self.name = info.name
        self.uid_validity = info.uid_validity
        self.uid_next = info.uid_next
        self.modseq = info.highest_modseq
        self.read_only = read_only
        self.uids = snapshot.uids
        self.tells_recent = tells_recent  # IMAP4rev2 has no \\Recent (RFC 9051 appendix E, 12)
        self.recent_from = snapshot.recent_from if tells_recent else NEVER
        self.annotates = False  # the client wants to hear of annotations
        self.keywords = set(info.keywords)  # that the client has been told of in FLAGS
        self.contexts = Contexts()
        # UIDs, ascending: "$" (RFC 5182). Those that are expunged meanwhile mean nothing.
        self.saved: Sequence[int] = ()
        self.uid_only = False  # responses name UIDs, never numbers (RFC 9586)
        self._recent = self.recent
        self._expunged: set[int] = set()  # UIDs that are gone and not yet reported
        self.shrank = False  # the last news told of expunges
        self.hidden = 0  # flags that changed after this MODSEQ were not told, as the client wished; 0: none
        self._behind = 0  # the MODSEQ up to which all was told before the first of these went
        self._own_modseqs: set[int] = set()  # changes that this session made and has answered itself

    # -- what is there

    def __len__(self) -> int:
        return len(self.uids)

    @property
    def recent(self) -> int:
        """How many are \\Recent."""
        return len(self.uids) - bisect_left(self.uids, self.recent_from)

    @property
    def expunged(self) -> int:
        """How many are gone, but not yet reported."""
        return len(self._expunged)

    @property
    def own_modseqs(self) -> frozenset[int]:
        """Changes of this session's own that are above `modseq`."""
        return frozenset(self._own_modseqs)

    @property
    def told_modseq(self) -> int:
        """Up to here the client knows everything: what HIGHESTMODSEQ may say (RFC 7162 section 3.2)."""
        told = self._behind if self._expunged else self.modseq
        return min(told, self.hidden) if self.hidden else told

    def forget_recent(self) -> None:
        """No message is \\Recent to this session any more."""
        self.tells_recent, self.recent_from = False, NEVER

    def index(self, uid: int) -> int:
        """Of a UID that is in the view; -1 for another."""
        at = bisect_left(self.uids, uid)
        return at if at < len(self.uids) and self.uids[at] == uid else -1

    # -- sets

    def indexes(self, messages: SequenceSet, *, uid: bool) -> list[range] | None:
        """The messages of a set, as ascending stretches; None: a sequence number that does not exist.

        UIDs that do not exist are passed over (RFC 3501 section 6.4.8).
        """
        if messages.saved:
            found = [index for index in map(self.index, self.saved) if index >= 0]
            return [range(low, high + 1) for low, high in merge((index, index) for index in found)]
        count = len(self.uids)
        if not uid:
            resolved = messages.resolve(count)
            if not resolved or resolved[-1][1] > count:
                return None
            return [range(low - 1, high) for low, high in resolved]
        last = self.uids[-1] if count else 0
        stretches = []
        for low, high in messages.resolve(last):
            start, end = bisect_left(self.uids, low), bisect_right(self.uids, high)
            if start < end:
                stretches.append((start, end - 1))
        return [range(low, high + 1) for low, high in merge(stretches)]

    def uids_in(self, stretches: Iterable[range]) -> "array[int]":
        """Their UIDs, ascending."""
        found = array("Q")
        for stretch in stretches:
            found.extend(self.uids[stretch.start : stretch.stop])
        return found

    def uid_ranges(self, stretches: Iterable[range]) -> Ranges:
        """First and last UID of each stretch; nothing of this view lies between but the stretch."""
        return [(self.uids[stretch[0]], self.uids[stretch[-1]]) for stretch in stretches]

    def numbered(self, uids: Sequence[int]) -> Sequence[int]:
        """Sequence numbers of ascending UIDs; 0 for one that is not in the view."""
        if not uids:
            return ()
        first = bisect_left(self.uids, uids[0])
        last = first + len(uids)
        if last <= len(self.uids) and self.uids[last - 1] == uids[-1] and self.uids[first] == uids[0]:
            return range(first + 1, last + 1)  # as many UIDs as places between the ends: they are the same
        return [self.index(uid) + 1 for uid in uids]

    # -- responses

    def named(self, uids: Sequence[int]) -> Sequence[int]:
        """What stands in front of a FETCH response: the numbers of ascending UIDs; with UIDONLY the UIDs themselves."""
        return uids if self.uid_only else self.numbered(uids)

    @property
    def fetch_head(self) -> bytes:
        """The begin of a FETCH response, with a place for named()."""
        return b"* %d UIDFETCH (" if self.uid_only else b"* %d FETCH ("

    # -- news

    def answered(self, result: StoreResult) -> None:
        """A change of this session's own: it reports it itself, or the client asked for silence."""
        for own in result.own_modseqs:
            if own == self.modseq + 1:
                self.modseq = own  # and nobody else changed anything in between
            elif own > self.modseq:
                self._own_modseqs.add(own)

    def take(
        self,
        changes: Changes,
        *,
        expunges: bool,
        modseqs: bool,
        with_uid: bool,
        vanished: bool = False,
        flags: bool = True,
    ) -> Iterator[bytes]:
        """Untagged responses that tell what changed since the last time, in the order FETCH, EXPUNGE, EXISTS.

        expunges: EXPUNGE may be sent now; vanished: as VANISHED; modseqs and with_uid: FETCH has MODSEQ and UID;
        flags: changes of flags are told.
        """
        gone = {uid for uid in changes.vanished if self.index(uid) >= 0}
        if gone and not self._expunged:
            self._behind = self.modseq
        self._expunged |= gone
        new = array("Q", (state.uid for state in changes.changed if state.uid >= self.uid_next))
        flagged = [s for s in changes.changed if s.uid < self.uid_next and s.modseq not in self._own_modseqs]
        if flags:
            self.hidden = 0
            yield from self.flag_lines(flagged, modseqs=modseqs, with_uid=with_uid)
        elif flagged and not self.hidden:
            self.hidden = self.modseq
        self.shrank = expunges and bool(self._expunged)
        if self.shrank:
            yield from self._report_expunged(vanished=vanished)
        self.modseq = max(self.modseq, changes.modseq)
        self._own_modseqs = {own for own in self._own_modseqs if own > self.modseq}
        self.uid_next = max(self.uid_next, changes.uid_next)
        if new:
            self.uids.extend(sorted(new))
            yield b"* %d EXISTS\r\n" % len(self.uids)
        if self.tells_recent and (new or self.recent != self._recent):
            self._recent = self.recent
            yield b"* %d RECENT\r\n" % self._recent

    def flag_lines(self, states: Iterable[FlagState], *, modseqs: bool, with_uid: bool) -> Iterator[bytes]:
        """`* 3 FETCH (FLAGS (...))`, with UID and MODSEQ where asked for; FLAGS before them when a keyword is new."""
        states = list(states)
        words = set().union(*(state.keywords for state in states if state.keywords))
        if not words <= self.keywords:
            self.keywords |= words
            yield flags_line(self.keywords)
        numbers = self.numbered([state.uid for state in states])
        template, by_uid = self.fetch_head + b"%bFLAGS %b%b)\r\n", self.uid_only
        for number, state in zip(numbers, states, strict=True):
            if not number:
                continue
            mask = state.flags | RECENT if state.uid >= self.recent_from else state.flags
            uid = b"UID %d " % state.uid if with_uid and not by_uid else b""
            modseq = b" MODSEQ (%d)" % state.modseq if modseqs else b""
            flags = FLAG_TEXTS[mask, pack_keywords(state.keywords) if state.keywords else ""]
            yield template % (state.uid if by_uid else number, uid, flags, modseq)

    def modseq_lines(self, states: Sequence[FlagState]) -> Iterator[bytes]:
        """`* 3 FETCH (UID 7 MODSEQ (9))`, for .SILENT (RFC 7162 sections 3.1.3 and 3.2.4)."""
        numbers = self.numbered([state.uid for state in states])
        for number, state in zip(numbers, states, strict=True):
            if number:
                if self.uid_only:
                    yield b"* %d UIDFETCH (MODSEQ (%d))\r\n" % (state.uid, state.modseq)
                else:
                    yield b"* %d FETCH (UID %d MODSEQ (%d))\r\n" % (number, state.uid, state.modseq)

    def _report_expunged(self, *, vanished: bool) -> Iterator[bytes]:
        """Each number counts with the earlier ones gone already (section 7.4.1)."""
        indexes = sorted(self.index(uid) for uid in self._expunged)
        if vanished:
            yield vanished_lines(ranges_of(sorted(self._expunged)))
        else:
            for gone, index in enumerate(indexes):
                yield b"* %d EXPUNGE\r\n" % (index + 1 - gone)
        if len(indexes) >= REBUILD_FROM:
            self.uids = array("Q", (uid for uid in self.uids if uid not in self._expunged))
        else:
            for index in reversed(indexes):
                del self.uids[index]
        self._expunged.clear()
