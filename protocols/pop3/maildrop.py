"""The maildrop: INBOX as it was at login (RFC 1939 section 5), and what the session will do to it at QUIT."""

from __future__ import annotations

from dataclasses import dataclass

from mailstore.errors import NoSuchMessage
from mailstore.flags import SEEN
from mailstore.mailboxes import get_mailbox
from mailstore.messages import delete_messages, snapshot, store_flags
from mailstore.reading import fetch_rows, read_content

DAY_SECONDS = 86_400


@dataclass(slots=True)
class Item:
    """A message of the maildrop."""

    uid: int
    size: int
    content_id: int
    flags: int  # at login
    arrived: int  # Unix seconds
    deleted: bool = False
    retrieved: bool = False


class Maildrop:
    """Message numbers begin at 1 and stay what they are, whatever other doors do to the mailbox."""

    def __init__(self, account_id: int) -> None:
        self.account_id = account_id
        mailbox = get_mailbox(account_id, "INBOX")
        taken = snapshot(account_id, mailbox.id, take_recent=False)
        self.mailbox_id = mailbox.id
        self.uid_validity = taken.info.uid_validity
        columns = ("uid", "size", "content_id", "flags", "internal_date")
        self.items = [Item(*row) for rows in fetch_rows(mailbox.id, taken.uids, columns) for row in rows]

    def find(self, number: int) -> Item | None:
        """The message of that number, unless it is marked as deleted."""
        if not 1 <= number <= len(self.items) or self.items[number - 1].deleted:
            return None
        return self.items[number - 1]

    def present(self) -> list[tuple[int, Item]]:
        """Numbers and messages that are not marked as deleted."""
        return [(number, item) for number, item in enumerate(self.items, 1) if not item.deleted]

    def totals(self) -> tuple[int, int]:
        """Number and octets of them (STAT)."""
        sizes = [item.size for item in self.items if not item.deleted]
        return len(sizes), sum(sizes)

    def unique_id(self, item: Item) -> str:
        """UIDL: the same in every session as long as IMAP's UIDVALIDITY is."""
        return f"{self.uid_validity}.{item.uid}"

    def read(self, item: Item) -> bytes:
        """The message. NoSuchMessage where another door has deleted it."""
        if not any(fetch_rows(self.mailbox_id, [item.uid], ("uid",))):
            raise NoSuchMessage(f"no message {item.uid}")
        return read_content(item.content_id)

    def undelete(self) -> None:
        """RSET."""
        for item in self.items:
            item.deleted = False

    def expire(self, days: int, now: float) -> None:
        r"""Mark what has been downloaded and has stayed long enough (RFC 2449 section 6.7): with 0 what this session
        retrieved, else what is \Seen and arrived so many days ago. What nobody has read stays."""
        for item in self.items:
            if days == 0:
                item.deleted = item.deleted or item.retrieved
            elif (item.retrieved or item.flags & SEEN) and item.arrived <= now - days * DAY_SECONDS:
                item.deleted = True

    def update(self) -> int:
        r"""QUIT: remove what is marked, mark what was read as \Seen; the number removed."""
        deleted = [item.uid for item in self.items if item.deleted]
        seen = [item.uid for item in self.items if item.retrieved and not item.deleted]
        if seen:
            store_flags(self.account_id, self.mailbox_id, seen, "add", SEEN)
        return len(delete_messages(self.account_id, self.mailbox_id, deleted)) if deleted else 0
