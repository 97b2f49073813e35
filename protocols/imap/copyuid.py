"""COPYUID of COPY and MOVE (RFC 4315 section 3)."""

from mailstore.messages import CopyResult
from protocols.imap.wire.sequences import compact


def copyuid(result: CopyResult) -> bytes:
    """The response code; b"" when nothing was copied."""
    if not result.source_uids:
        return b""
    sources, targets = compact(result.source_uids), compact(result.target_uids)
    return b"COPYUID %d %b %b" % (result.uid_validity, sources, targets)
