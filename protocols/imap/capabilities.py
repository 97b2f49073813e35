"""What is announced (RFC 3501 section 7.2.1), by state and policy."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from protocols.imap import options
from protocols.imap.wire.dialect import UTF8_ACCEPT
from protocols.imap.wire.framer import MAX_APPEND
from security import policy
from security.doors import Door

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession

# What searches can do.
SEARCHING = (
    "ESEARCH", "SEARCHRES", "WITHIN", "PARTIAL", "SORT", "SORT=DISPLAY", "ESORT", "THREAD=ORDEREDSUBJECT",
    "THREAD=REFERENCES", "THREAD=REFS", "I18NLEVEL=1", "CONTEXT=SEARCH", "CONTEXT=SORT", "SEARCH=FUZZY", "MULTISEARCH",
)  # fmt: skip
# Each truly works in every state in which its commands are allowed.
ALWAYS = (
    "IMAP4rev1", "IMAP4rev2", "ID", "ENABLE", "IDLE", "NAMESPACE", "CHILDREN", "UNSELECT", "UIDPLUS", "MOVE",
    "ACL", "RIGHTS=kxte", "LIST-MYRIGHTS",
    *SEARCHING,
    "MULTIAPPEND", "CATENATE", "REPLACE", "BINARY", "PREVIEW", "SAVEDATE", "OBJECTID",
    "LIST-EXTENDED", "LISTEXT", "LIST-STATUS", "XLIST", "SPECIAL-USE", "CREATE-SPECIAL-USE", "STATUS=SIZE",
    "UTF8=ACCEPT", "LANGUAGE",
    "STATUS-COUNTERS", f"APPENDLIMIT={MAX_APPEND}", "CONDSTORE", "QRESYNC", "NOTIFY", "UIDBATCHES",
    "UIDONLY", "INPROGRESS",
    "QUOTA", "QUOTA=RES-STORAGE", "QUOTA=RES-MESSAGE", "QUOTASET",
    "METADATA", "LIST-METADATA", "ANNOTATEMORE", "ANNOTATE-EXPERIMENT-1",
)  # fmt: skip
COMPRESS = "COMPRESS=DEFLATE"
# What ENABLE switches on (RFC 5161 section 3.1), in upper case, and as it is announced.
CAN_BE_ENABLED = {
    word.upper(): word for word in ("CONDSTORE", "QRESYNC", "UIDONLY", "METADATA", UTF8_ACCEPT, "IMAP4rev2")
}


def announce(session: ImapSession) -> bytes:
    """What holds for this session now."""
    words = after_login() if session.account else before_login(session.door)
    # Once is enough, and TLS that compresses is enough too (RFC 4978 section 3).
    if session.compressing or (session.peer.tls is not None and session.peer.tls.compression):
        words = words.replace(b" " + COMPRESS.encode(), b"")
    return words


def before_login(door: Door) -> bytes:
    """The capabilities with the mechanisms that the policy allows at this door now."""
    rules = policy.current()
    mechanisms = rules.mechanisms_for(door)
    words = [*ALWAYS, _literal(options.small_literals_only()), COMPRESS, "SASL-IR"]
    if not door.encrypted:
        words.append("STARTTLS")
    if not rules.allows_plaintext(door):
        words.append("LOGINDISABLED")
    words += [f"AUTH={name}" for name in mechanisms]
    return " ".join(words).encode()


def after_login() -> bytes:
    """No STARTTLS and no AUTH= any more."""
    return _after_login(options.small_literals_only(), options.unauthenticate())


@cache
def _after_login(small_literals: bool, unauthenticate: bool) -> bytes:
    words = [*ALWAYS, _literal(small_literals), COMPRESS]
    if unauthenticate:
        words.append("UNAUTHENTICATE")
    return " ".join(words).encode()


def _literal(small: bool) -> str:
    return "LITERAL-" if small else "LITERAL+"
