"""Object identifiers (RFC 8474): letters before the ids of the store's rows, which no database hands out twice.

F is a mailbox: its row outlives RENAME, and CREATE after DELETE makes another. M is a message: COPY shares its row or
remembers it in another account, MOVE keeps it. T is a thread: the row of the message that began it for this account.
"""

import re

_OBJECT_ID = {kind: re.compile(kind + rb"([1-9]\d{0,17})\Z") for kind in (b"F", b"M", b"T")}

# EMAILID and THREADID of FETCH responses (section 5.3), to be filled with a row's id.
EMAIL_ID = b"EMAILID (M%d)"
THREAD_ID = b"THREADID (T%d)"


def mailbox_id(row: int) -> bytes:
    """MAILBOXID (section 4)."""
    return b"F%d" % row


def row_of(kind: bytes, object_id: bytes) -> int:
    """The row that an identifier of a client's names; 0 for one that was never given out. Case counts (section 7)."""
    found = _OBJECT_ID[kind].match(object_id)
    return int(found[1]) if found else 0
