"""The VANISHED response (RFC 7162 section 3.2.10)."""

from protocols.imap.wire.sequences import Ranges, set_text

# In one response: about 20 KiB, which any client's line buffer holds. More make several responses.
MAX_RANGES = 1_000


def vanished_lines(ranges: Ranges, *, earlier: bool = False) -> bytes:
    """`* VANISHED 3,5:9`; with EARLIER it is about what the client had before it opened the mailbox."""
    head = b"* VANISHED (EARLIER) %b\r\n" if earlier else b"* VANISHED %b\r\n"
    return b"".join(head % set_text(ranges[start : start + MAX_RANGES]) for start in range(0, len(ranges), MAX_RANGES))
