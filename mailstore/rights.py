r"""Who may do what in a mailbox (RFC 4314): the one place that decides. The verbs of the store ask it, protocols and
the webmail ask it for what they show.

The owner has every right, always (section 2: rights may be forced for particular identifiers), so that nobody locks
himself out and a personal mailbox costs no look at any list. For others the rights of all identifiers that mean them
are united, then what their negative ones name is taken away.
"""

from collections.abc import Iterable

from mailstore import flags
from mailstore.errors import NoPermission, NoSuchMailbox

LOOKUP = 1  # l: the mailbox is there
READ = 2  # r
KEEP_SEEN = 4  # s: \Seen is kept
WRITE = 8  # w: flags other than \Seen and \Deleted, keywords
INSERT = 16  # i
POST = 32  # p: not enforced by IMAP
CREATE = 64  # k: mailboxes below
DELETE_MAILBOX = 128  # x
DELETE_MESSAGES = 256  # t: \Deleted
EXPUNGE = 512  # e
ADMINISTER = 1024  # a
ALL = 2047

LETTERS = {
    "l": LOOKUP, "r": READ, "s": KEEP_SEEN, "w": WRITE, "i": INSERT, "p": POST, "k": CREATE, "x": DELETE_MAILBOX,
    "t": DELETE_MESSAGES, "e": EXPUNGE, "a": ADMINISTER,
}  # fmt: skip
# Obsolete rights stand for others (section 2.1.1), and are told along with any of them.
VIRTUAL = {"c": CREATE | DELETE_MAILBOX, "d": DELETE_MESSAGES | EXPUNGE}
# MYRIGHTS is for who has one of these (section 4).
ANY = LOOKUP | READ | INSERT | CREATE | DELETE_MAILBOX | ADMINISTER
# Without any of these a mailbox is told to be read-only (section 5.2): \Seen is no shared flag, "s" does not count.
CHANGING = INSERT | EXPUNGE | WRITE | DELETE_MESSAGES


def parse(letters: str) -> int:
    """The rights of a list of letters. ValueError for one that is unknown, capitals too."""
    rights = 0
    for letter in letters:
        right = LETTERS.get(letter) or VIRTUAL.get(letter)
        if right is None:
            raise ValueError(f"no right {letter!r}")
        rights |= right
    return rights


def letters(rights: int) -> str:
    """Backwards, with "c" and "d" as section 2.1.1 wants them told."""
    told = [letter for letter, right in LETTERS.items() if rights & right]
    return "".join(told + [letter for letter, members in VIRTUAL.items() if rights & members])


def united(granted: Iterable[tuple[int, bool]]) -> int:
    """The rights of the identifiers that mean somebody, as pairs of rights and whether they are negative."""
    given = taken = 0
    for rights, negative in granted:
        if negative:
            taken |= rights
        else:
            given |= rights
    return given & ~taken


def require(rights: int, needed: int) -> None:
    """All that is needed. NoPermission; NoSuchMailbox where the mailbox may not even be seen (section 6)."""
    if rights & needed != needed:
        raise NoPermission("the rights do not allow this") if rights & LOOKUP else NoSuchMailbox("it may not be seen")


def may_annotate(rights: int) -> bool:
    """METADATA is for who has "l" and a right to the messages (RFC 5464 section 3.3)."""
    return bool(rights & LOOKUP and rights & (READ | KEEP_SEEN | WRITE | INSERT | POST))


def require_annotation(rights: int) -> None:
    """NoPermission, NoSuchMailbox."""
    if not may_annotate(rights):
        require(rights, LOOKUP)
        raise NoPermission("there is no right to the messages")


def settable(rights: int) -> int:
    """The system flags that may be set and cleared (section 4)."""
    mask = flags.SEEN if rights & KEEP_SEEN else 0
    if rights & DELETE_MESSAGES:
        mask |= flags.DELETED
    if rights & WRITE:
        mask |= flags.ANSWERED | flags.FLAGGED | flags.DRAFT
    return mask


def require_flags(rights: int, mask: int, keywords: bool) -> None:
    """STORE needs the right to one of the flags that it names (section 4). NoPermission, NoSuchMailbox."""
    names_any = mask or keywords
    if names_any and not mask & settable(rights) and not (keywords and rights & WRITE):
        require(rights & LOOKUP, LOOKUP)
        raise NoPermission("none of these flags may be changed")


def admitted(rights: int, mask: int, keywords: frozenset[str]) -> tuple[int, frozenset[str]]:
    """What of a new message's flags is kept (APPEND and COPY, section 4)."""
    if rights == ALL:
        return mask, keywords
    return mask & settable(rights), keywords if rights & WRITE else frozenset()
