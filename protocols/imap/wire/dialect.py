"""What ENABLE changes of the language itself (RFC 5161): names of capabilities in upper case."""

from collections.abc import Set

UTF8_ACCEPT = "UTF8=ACCEPT"  # RFC 6855, RFC 9755

_UTF8 = frozenset({UTF8_ACCEPT})


def speaks_utf8(enabled: Set[str]) -> bool:
    """Mailbox names are UTF-8, and quoted strings to the client may hold it (RFC 6855 section 3)."""
    return not _UTF8.isdisjoint(enabled)
