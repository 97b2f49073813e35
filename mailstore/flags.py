"""System flags as a bit mask, keywords as a set of str (RFC 3501 section 2.3.2).

\\Recent is no flag here: see Mailbox.recent_uid.
"""

from collections.abc import Iterable

SEEN = 1
ANSWERED = 2
FLAGGED = 4
DELETED = 8
DRAFT = 16
ALL = SEEN | ANSWERED | FLAGGED | DELETED | DRAFT

# The bits by their RFC 3501 names, in the order in which clients expect them.
NAMES = {ANSWERED: "\\Answered", FLAGGED: "\\Flagged", DELETED: "\\Deleted", SEEN: "\\Seen", DRAFT: "\\Draft"}

MAX_KEYWORD_LENGTH = 100  # characters; the longest in the wild are about 30
MAX_KEYWORDS_PER_MESSAGE = 64  # keeps an entry's row small
MAX_KEYWORDS_PER_MAILBOX = 256  # they are all listed in the FLAGS reply of every SELECT


def pack_keywords(keywords: Iterable[str]) -> str:
    """The stored form: sorted, one space between."""
    return " ".join(sorted(keywords))


def unpack_keywords(packed: str) -> frozenset[str]:
    """pack_keywords backwards."""
    return frozenset(packed.split())


def is_set(bit: int) -> str:
    """The SQL condition that an entry has the flag, as it is written in the partial indexes."""
    return f"(flags & {bit}) = {bit}"


def is_unset(bit: int) -> str:
    """The SQL condition that it has not."""
    return f"(flags & {bit}) = 0"
