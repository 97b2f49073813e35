"""The rules of mailbox names (RFC 3501 section 5.1)."""

import unicodedata

from mailstore.errors import BadMailboxName

DELIMITER = "/"
INBOX = "INBOX"
# Where mailboxes of other accounts and of the domain stand (RFC 2342 section 5); no account has one of these names.
OTHER_USERS = "Other Users"
PUBLIC = "Public"
MAX_NAME_LENGTH = 255  # characters of the whole name; what clients with a file per mailbox can hold
MAX_DEPTH = 32  # levels; every level may be created by one CREATE


def canonical(name: str) -> str:
    """The name with INBOX in capitals, NFC; raises BadMailboxName.

    Refused: an empty level, control characters, a lone surrogate, too long, too deep, the wildcards
    "%" and "*", which LIST could not ask for.
    """
    name = unicodedata.normalize("NFC", name)
    levels = name.split(DELIMITER)
    if levels[0].isascii() and levels[0].upper() == INBOX:  # "ı" is an I in capitals too
        levels[0] = INBOX
    if not all(level.strip() for level in levels):
        raise BadMailboxName("a level of the name is empty")
    if len(name) > MAX_NAME_LENGTH or len(levels) > MAX_DEPTH:
        raise BadMailboxName("the name is too long or too deep")
    if any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") or char in "%*" for char in name):
        raise BadMailboxName("the name has a character that is not allowed")
    return DELIMITER.join(levels)


def parents(name: str) -> list[str]:
    """The names above, outermost first: "a/b/c" has "a" and "a/b"."""
    levels = name.split(DELIMITER)
    return [DELIMITER.join(levels[:depth]) for depth in range(1, len(levels))]


def is_reserved(name: str) -> bool:
    """Whether it stands in the namespace of other users or in that of the domain, which are not the account's own."""
    return name.split(DELIMITER, 1)[0] in (OTHER_USERS, PUBLIC)
