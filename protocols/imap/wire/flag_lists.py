"""flag-list (RFC 3501 section 9): system flags as a mask, keywords as text."""

from collections.abc import Iterable
from dataclasses import dataclass

from protocols.imap.wire.errors import BadSyntax
from protocols.imap.wire.scanner import Scanner

SEEN, ANSWERED, FLAGGED, DELETED, DRAFT = 1, 2, 4, 8, 16  # the store's own bits (mailstore.flags)
RECENT = 32  # known to a session only
NAMES = {
    SEEN: b"\\Seen", ANSWERED: b"\\Answered", FLAGGED: b"\\Flagged", DELETED: b"\\Deleted", DRAFT: b"\\Draft",
    RECENT: b"\\Recent",
}  # fmt: skip
_MASK = {name.lower(): mask for mask, name in NAMES.items()}
MAX_KEYWORD = 100  # octets
MAX_KEYWORDS = 50  # of one command


@dataclass(frozen=True, slots=True)
class FlagList:
    """What a client wants set or cleared."""

    mask: int
    keywords: frozenset[str]


def parse_flag_list(scan: Scanner) -> FlagList:
    """ "(" [flag *(SP flag)] ")" """
    scan.expect(b"(")
    flags: list[bytes] = []
    while not scan.accept(b")"):
        flags.append(scan.flag())
        while scan.accept(b" "):
            pass
    return flag_list(flags)


def parse_store_flags(scan: Scanner) -> FlagList:
    """store-att-flags: flag-list / (flag *(SP flag))"""
    if scan.peek() == b"(":
        return parse_flag_list(scan)
    flags = [scan.flag()]
    while scan.accept(b" "):
        if not scan.at_end():
            flags.append(scan.flag())
    return flag_list(flags)


def flag_list(flags: list[bytes]) -> FlagList:
    """Sort out names; \\Recent and unknown system flags cannot be set (sections 2.3.2 and 9)."""
    mask, keywords = 0, set()
    for flag in flags:
        known = _MASK.get(flag.lower())
        if known is None and flag.startswith(b"\\"):
            raise BadSyntax("Unknown system flag")
        if known == RECENT:
            raise BadSyntax("\\Recent cannot be changed by a client")
        if known is not None:
            mask |= known
            continue
        if len(flag) > MAX_KEYWORD:
            raise BadSyntax("Keyword too long")
        keywords.add(flag.decode())
    if len(keywords) > MAX_KEYWORDS:
        raise BadSyntax("Too many keywords")
    return FlagList(mask, frozenset(keywords))


class FlagTexts(dict[tuple[int, str], bytes]):
    """(mask, keywords with spaces between) -> `(\\Seen $Label1)`; a mailbox has few different ones."""

    def __missing__(self, key: tuple[int, str]) -> bytes:
        if len(self) > 10_000:  # a bound on what many different keywords may cost
            self.clear()
        mask, keywords = key
        names = [name for bit, name in NAMES.items() if mask & bit]
        if keywords:
            names.append(keywords.encode())
        text = self[key] = b"(" + b" ".join(names) + b")"
        return text


FLAG_TEXTS = FlagTexts()


def system_flags(mask: int) -> list[bytes]:
    """Their names, in the order in which clients expect them."""
    return [NAMES[bit] for bit in (ANSWERED, FLAGGED, DELETED, SEEN, DRAFT) if mask & bit]


_SYSTEM = b" ".join(system_flags(ANSWERED | FLAGGED | DELETED | SEEN | DRAFT))


def listed(keywords: Iterable[str]) -> bytes:
    """All system flags, then these keywords."""
    return b" ".join((_SYSTEM, *(word.encode() for word in sorted(keywords))))


def flags_line(keywords: Iterable[str]) -> bytes:
    """`* FLAGS (...)`: what may be met in this mailbox (RFC 3501 section 7.2.6)."""
    return b"* FLAGS (%b)\r\n" % listed(keywords)
