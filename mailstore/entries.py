"""The names of annotations (RFC 5464 section 3.2), and their limits."""

from mailstore.errors import ReadOnlyEntry

PRIVATE = "/private/"
SHARED = "/shared/"
SPECIAL_USE = "/private/specialuse"  # RFC 6154 section 4
ADMIN = "/shared/admin"  # section 3.2.1.1

MAX_ENTRY = 255  # octets; the column
MAX_VALUE = 32 * 1024  # octets; section 4.1 asks for 1,024. Two of them fit in one command (the framer's literals)
MAX_ENTRIES = 100  # of a mailbox or the server, for each reader; section 4.1 asks for 10
# Removed entries that are remembered for other sessions, likewise.
MAX_REMOVED = 100
# Octets of all entries of an account. They are no mail, so that no quota counts them.
MAX_TOTAL = 16 * 1024 * 1024


def canonical(name: str) -> str:
    """Names are without regard to case (section 3.2)."""
    return name.lower()


def is_below(entry: str, name: str, depth: int | None) -> bool:
    """The entry itself, or one that many levels below it (section 4.2.2); None: any number."""
    if entry == name:
        return True
    if not entry.startswith(name + "/"):
        return False
    return depth is None or entry.count("/") - name.count("/") <= depth


def special_use_of(value: bytes | None, allowed: tuple[str, ...]) -> str:
    """The special use that SPECIAL_USE is to say, "" for none; checked as CREATE checks it. Raises ReadOnlyEntry."""
    wanted = (value or b"").decode("ascii", "replace").strip()
    for use in ("", *allowed):
        if use.lower() == wanted.lower():
            return use
    raise ReadOnlyEntry(f"no special use {wanted!r}")
