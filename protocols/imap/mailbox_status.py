"""The STATUS response (RFC 3501 section 7.2.4), for STATUS and LIST's RETURN (STATUS (...)) alike.

All of it but RECENT and DELETED-STORAGE is in the mailbox's row, as running totals: no other item makes STATUS count
messages.
"""

from collections.abc import Callable, Iterable

from mailstore.mailboxes import MailboxInfo
from mailstore.quota import deleted_size
from mailstore.reading import fetch_rows
from protocols.imap.object_ids import mailbox_id
from protocols.imap.wire.framer import MAX_APPEND
from protocols.imap.wire.response import mailbox


def status_line(info: MailboxInfo, items: Iterable[str], *, utf8: bool) -> bytes:
    """`* STATUS "name" (MESSAGES 3 ...)`"""
    pairs = b" ".join(b"%b %b" % (item.encode(), _VALUES[item](info)) for item in items)
    return b"* STATUS %b (%b)\r\n" % (mailbox(info.name, utf8=utf8), pairs)


def _recent(info: MailboxInfo) -> int:
    """Asks the store only where there can be any: recent_uid is the lowest UID that nobody has been told of."""
    fresh = range(info.recent_uid, info.uid_next)
    return sum(map(len, fetch_rows(info.id, fresh, ("uid",)))) if fresh else 0


def _number(value: Callable[[MailboxInfo], int]) -> Callable[[MailboxInfo], bytes]:
    return lambda info: b"%d" % value(info)


_VALUES: dict[str, Callable[[MailboxInfo], bytes]] = {
    "MESSAGES": _number(lambda info: info.messages),
    "RECENT": _number(_recent),
    "UIDNEXT": _number(lambda info: info.uid_next),
    "UIDVALIDITY": _number(lambda info: info.uid_validity),
    "UNSEEN": _number(lambda info: info.unseen),
    "DELETED": _number(lambda info: info.deleted),  # RFC 9051 section 6.3.11
    # RFC 9208 section 4.1.4
    "DELETED-STORAGE": _number(lambda info: deleted_size(info.id) if info.deleted else 0),
    "HIGHESTMODSEQ": _number(lambda info: info.highest_modseq),
    "SIZE": _number(lambda info: info.size),  # RFC 8438: octets, 63 bits; what the quota counts
    "APPENDLIMIT": _number(lambda info: MAX_APPEND),  # RFC 7889 section 3: the same for each mailbox
    "MAILBOXID": lambda info: b"(%b)" % mailbox_id(info.id),  # RFC 8474 section 4.3
}
