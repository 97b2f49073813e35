"""What the commands on annotations share (RFC 5464): whose they are, and the METADATA response."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from mailstore import mailboxes, rights
from mailstore.entries import MAX_VALUE, PRIVATE
from mailstore.mailboxes import MailboxInfo
from mailstore.metadata import Value
from mailstore.metadata_feed import Seen, changes_since, newest
from mailstore.metadata_writing import Changed, set_metadata
from protocols.imap.wire.response import astring, mailbox
from protocols.imap.wire.values import value

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession

TOO_LARGE = b"METADATA MAXSIZE %d" % MAX_VALUE
TOO_MANY = b"METADATA TOOMANY"


def find_place(session: ImapSession, name: str) -> MailboxInfo | None:
    """The mailbox, None for "", the server. Raises NoSuchMailbox, NoPermission."""
    if not name:
        return None
    found = mailboxes.get_mailbox(session.account_id, name)
    rights.require_annotation(found.rights)
    return found


def may_set(session: ImapSession, place: MailboxInfo | None, names: Iterable[str]) -> bool:
    """What is shared by all who use the server is for administrators to say (section 3.3)."""
    assert session.account is not None
    return place is not None or session.account.is_admin or all(name.startswith(PRIVATE) for name in names)


def store(session: ImapSession, place: MailboxInfo | None, values: Mapping[str, Value | None]) -> Changed:
    """set_metadata(); the session does not hear of it as of news."""
    done = set_metadata(session.account_id, place.id if place else None, values)
    for news in (session.metadata, session.notifications and session.notifications.metadata):
        if news:
            news.own |= done.ids
    return done


def metadata_line(name: str, entries: Mapping[str, bytes | None], *, utf8: bool) -> bytes:
    """`* METADATA "INBOX" (/private/comment "My comment" /shared/comment NIL)`"""
    pairs = b" ".join(astring(entry.encode()) + b" " + value(octets) for entry, octets in entries.items())
    return b"* METADATA %b (%b)\r\n" % (mailbox(name, utf8=utf8), pairs)


class MetadataNews:
    """What a session that said ENABLE METADATA has heard of (section 4.4.2), or NOTIFY (RFC 5465 sections 5.6 and 5.7).
    Made in a database thread."""

    __slots__ = ("_account_id", "_seen", "own")

    def __init__(self, account_id: int) -> None:
        self._account_id = account_id
        self._seen: Seen = newest(account_id)
        self.own: frozenset[int] = frozenset()

    def take(self, *, utf8: bool, wants: Callable[[str], bool] = lambda name: True) -> bytes:
        """`* METADATA "INBOX" /shared/comment`: names without values of what others changed since the last time.

        wants: of which mailboxes, "" being the server, it is told.
        """
        self._seen, found = changes_since(self._account_id, self._seen, self.own)
        self.own = frozenset()
        lines = [
            b"* METADATA %b %b\r\n" % (mailbox(name, utf8=utf8), b" ".join(astring(entry.encode()) for entry in names))
            for name, names in found.items()
            if wants(name)
        ]
        return b"".join(lines)
