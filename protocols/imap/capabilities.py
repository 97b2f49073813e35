"""What is announced (RFC 3501 section 7.2.1), by state and policy."""

from protocols.imap.wire.framer import MAX_APPEND
from security import policy
from security.doors import Door

# What searches can do.
SEARCHING = ("ESEARCH", "SEARCHRES", "WITHIN", "PARTIAL")
# Each truly works in every state in which its commands are allowed.
ALWAYS = (
    "IMAP4rev1", "LITERAL+", "ID", "ENABLE", "IDLE", "NAMESPACE", "CHILDREN", "UNSELECT", "UIDPLUS", "MOVE",
    *SEARCHING,
    "LIST-EXTENDED", "LISTEXT", "LIST-STATUS", "XLIST", "SPECIAL-USE", "CREATE-SPECIAL-USE", "STATUS=SIZE",
    "STATUS-COUNTERS", f"APPENDLIMIT={MAX_APPEND}", "CONDSTORE",
    "QUOTA", "QUOTA=RES-STORAGE", "QUOTA=RES-MESSAGE", "QUOTASET",
)  # fmt: skip
# What ENABLE switches on (RFC 5161 section 3.1).
CAN_BE_ENABLED = frozenset({"CONDSTORE"})


def before_login(door: Door) -> bytes:
    """The capabilities with the mechanisms that the policy allows at this door now."""
    rules = policy.current()
    mechanisms = rules.mechanisms_for(door)
    words = [*ALWAYS, "SASL-IR"]
    if not door.encrypted:
        words.append("STARTTLS")
    if not rules.allows_plaintext(door):
        words.append("LOGINDISABLED")
    words += [f"AUTH={name}" for name in mechanisms]
    return " ".join(words).encode()


def after_login() -> bytes:
    """No STARTTLS and no AUTH= any more."""
    return _AFTER_LOGIN


_AFTER_LOGIN = " ".join(ALWAYS).encode()
