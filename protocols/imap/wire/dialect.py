"""What ENABLE changes of the language itself (RFC 5161): names of capabilities in upper case."""

from collections.abc import Set

UTF8_ACCEPT = "UTF8=ACCEPT"  # RFC 6855, RFC 9755
IMAP4REV2 = "IMAP4REV2"  # RFC 9051

_UTF8 = frozenset({UTF8_ACCEPT, IMAP4REV2})
# RFC 9051 appendix E, 12 and 17 to 19: commands, and items of FETCH, STATUS and SEARCH, that IMAP4rev2 has no more.
_GONE = frozenset({"CHECK", "LSUB", "NEW", "OLD", "RECENT", "RFC822", "RFC822.HEADER", "RFC822.TEXT"})


def speaks_utf8(enabled: Set[str]) -> bool:
    """Mailbox names are UTF-8, quoted strings to the client may hold it (RFC 6855 section 3, RFC 9051 section 5.1)."""
    return not _UTF8.isdisjoint(enabled)


def is_gone(word: str, enabled: Set[str]) -> bool:
    """A word of IMAP4rev1 that a client which speaks IMAP4rev2 cannot mean."""
    return word in _GONE and IMAP4REV2 in enabled
