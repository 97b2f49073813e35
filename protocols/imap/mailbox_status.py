"""The STATUS response (RFC 3501 section 7.2.4), for STATUS and LIST's RETURN (STATUS (...)) alike."""

from collections.abc import Callable, Iterable

from mailstore.mailboxes import MailboxInfo
from mailstore.reading import fetch_rows
from protocols.imap.wire.response import mailbox


def status_line(info: MailboxInfo, items: Iterable[str]) -> bytes:
    """`* STATUS "name" (MESSAGES 3 ...)`"""
    pairs = b" ".join(b"%b %d" % (item.encode(), _VALUES[item](info)) for item in items)
    return b"* STATUS %b (%b)\r\n" % (mailbox(info.name), pairs)


def _recent(info: MailboxInfo) -> int:
    """Asks the store only where there can be any: recent_uid is the lowest UID that nobody has been told of."""
    fresh = range(info.recent_uid, info.uid_next)
    return sum(map(len, fetch_rows(info.id, fresh, ("uid",)))) if fresh else 0


_VALUES: dict[str, Callable[[MailboxInfo], int]] = {
    "MESSAGES": lambda info: info.messages,
    "RECENT": _recent,
    "UIDNEXT": lambda info: info.uid_next,
    "UIDVALIDITY": lambda info: info.uid_validity,
    "UNSEEN": lambda info: info.unseen,
    "HIGHESTMODSEQ": lambda info: info.highest_modseq,
}
