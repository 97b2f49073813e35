"""UIDBATCHES (RFC 10022)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.imap.answer import Answer, no
from protocols.imap.wire.commands.uidbatches import UidBatches
from protocols.imap.wire.response import string

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession

# Messages. The RFC wants batches of 500 and more to be answered; with smaller ones a client could rebuild the sequence
# numbers.
MIN_SIZE = 500


def handle(session: ImapSession, command: UidBatches) -> Answer:
    """UID ranges from the newest messages to the oldest, each of `size` messages but the last; nothing is left between
    them, so that a UID that comes back belongs to one of them. The view has all UIDs: nothing is read for it."""
    if command.size < MIN_SIZE:
        return no(f"Minimum batch size is {MIN_SIZE}", b"TOOFEW")
    uids = session.selected.uids
    last_batch = -(-len(uids) // command.size)
    first, last = command.batches or (1, last_batch)
    ranges = []
    for batch in range(first, min(last, last_batch) + 1):
        end = len(uids) - (batch - 1) * command.size  # the index behind its newest message
        below = max(0, end - command.size)
        oldest = uids[below - 1] + 1 if below else 1
        ranges.append(b"%d:%d" % (uids[end - 1], oldest))
    listed = b" " + b",".join(ranges) if ranges else b""
    return Answer("Batched", untagged=b"* UIDBATCHES (TAG %b)%b\r\n" % (string(command.tag), listed))
