"""What a client wants to hear of between its commands (RFC 5465), and what it last heard of other mailboxes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailstore.mailboxes import DELIMITER, MailboxInfo, list_mailboxes, list_subscriptions
from protocols.imap.answer import Answer, no
from protocols.imap.listing import parents
from protocols.imap.mailbox_status import status_line
from protocols.imap.metadata import MetadataNews
from protocols.imap.name_changes import Names, name_lines
from protocols.imap.view import View
from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.commands.create import Create
from protocols.imap.wire.commands.delete import Delete
from protocols.imap.wire.commands.notify import (
    DELAYED,
    FLAGS,
    METADATA,
    NEW,
    SELECTED,
    SERVER_METADATA,
    EventGroup,
)
from protocols.imap.wire.commands.rename import Rename
from protocols.imap.wire.commands.subscribe import Subscribe
from protocols.imap.wire.commands.unsubscribe import Unsubscribe
from protocols.imap.wire.fetch_items import Item

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession

# Mailboxes of an account that are compared after each change to one of them: a few milliseconds.
MAX_MAILBOXES = 2_000


class TooMany(Exception):
    """More mailboxes than are watched for one client."""


def overflow() -> Answer:
    """Prohibitively expensive (section 3.1)."""
    return no("There are too many mailboxes to watch", b"NOTIFICATIONOVERFLOW")


def watched(session: ImapSession) -> tuple[tuple[int, ...], int]:
    """The mailboxes, and the account (0: none), whose changes wake the session: Reply.watch and watch_account."""
    wanted, view = session.notifications, session.view
    selected = bool(session.idle_tag) if wanted is None else bool(wanted.selected)
    mailboxes = (view.mailbox_id,) if view is not None and selected else ()
    return mailboxes, session.account_id if wanted is not None and wanted.watches_account else 0


def names_in(command: Command | None) -> frozenset[str]:
    """The names that a command makes, deletes, renames or subscribes, with those above them."""
    match command:
        case Rename():
            names = [command.mailbox, command.new_name]
        case Create() | Delete() | Subscribe() | Unsubscribe():
            names = [command.mailbox]
        case _:
            return frozenset()
    return frozenset(above for name in names for above in [_canonical(name), *parents(name.rstrip(DELIMITER))])


@dataclass(frozen=True, slots=True)
class _Filter:
    """An event group, made ready to be held against many mailboxes."""

    where: str
    names: frozenset[str]
    events: frozenset[str]

    @classmethod
    def of(cls, group: EventGroup) -> _Filter:
        return cls(group.where, frozenset(map(_canonical, group.names)), group.events)

    def covers(self, name: str, above: Iterable[str], subscribed: bool) -> bool:
        """`above`: the name's parents. Inboxes are all personal mailboxes: a filter may file into any of them
        (section 6.3)."""
        if self.where == "SUBSCRIBED":
            return subscribed
        if self.where == "MAILBOXES":
            return name in self.names
        if self.where == "SUBTREE":
            return name in self.names or not self.names.isdisjoint(above)
        return True


class Notifications:
    """Of one session, from its first NOTIFY on. No groups: it wants to hear of nothing. TooMany when made or asked."""

    def __init__(self, account_id: int, groups: Sequence[EventGroup]) -> None:
        self._account_id = account_id
        self._others = [
            _Filter.of(group) for group in groups if group.where not in (SELECTED, DELAYED) and group.events
        ]
        selected = next((group for group in groups if group.where in (SELECTED, DELAYED)), None)
        self.selected = selected.events if selected else frozenset[str]()
        self.items: tuple[Item, ...] = selected.items if selected else ()
        self.immediate = selected is not None and selected.where == SELECTED
        self.own: set[int] = set()  # UIDs that this session put into its selected mailbox
        self.rest: Iterator[bytes] | None = None  # FETCH of new messages that waits for the end of the answer
        self._known = self._read() if self._others else None
        events = {event for group in self._others for event in group.events}
        self.metadata = MetadataNews(account_id) if events & {METADATA, SERVER_METADATA} else None

    @property
    def watches_account(self) -> bool:
        """Something is to be told of mailboxes other than the selected one."""
        return self._known is not None

    # -- what happened

    def statuses(self, view: View | None, *, utf8: bool) -> bytes:
        """STATUS of each mailbox with message events but the selected one (section 3.1)."""
        lines = []
        for info in self._known.infos.values() if self._known else ():
            events = self._events(info.name)
            if not info.selectable or NEW not in events or (view is not None and view.mailbox_id == info.id):
                continue
            items = ["MESSAGES", "UIDNEXT", "UIDVALIDITY"]
            if FLAGS in events:
                items.append("HIGHESTMODSEQ")
            lines.append(status_line(info, items, utf8=utf8))
        return b"".join(lines)

    def look(self, view: View | None, *, condstore: bool, utf8: bool, except_for: Iterable[str] = ()) -> bytes:
        """What changed in other mailboxes since the last look. except_for: names that this session changed itself."""
        if self._known is None:
            return b""
        before, now = self._known, self._read()
        self._known = now
        own = frozenset(except_for)
        lines = [line for name, line in name_lines(before, now, self._wants, utf8=utf8) if name not in own]
        selected = view.mailbox_id if view is not None else 0
        changed = self._changed(before, now, selected, condstore)
        lines += [status_line(info, items, utf8=utf8) for info, items in changed]
        if self.metadata is not None:
            lines.append(self.metadata.take(utf8=utf8, wants=self._wants_metadata))
        return b"".join(lines)

    def made(self, mailbox_id: int, uids: Sequence[int], selected: View | None) -> None:
        """This session put messages there itself: it need not be told of them (section 5)."""
        if not uids:
            return
        if selected is not None and selected.mailbox_id == mailbox_id:
            self.own.update(uids)
        if self._known is not None and mailbox_id in self._known.counted:
            uid_next, messages = self._known.counted[mailbox_id]
            if uid_next == uids[0]:
                self._known.counted[mailbox_id] = uids[-1] + 1, messages + len(uids)

    # -- inside

    def _read(self) -> Names:
        # Its own: the feed of an account tells nothing of mailboxes that others share with it.
        infos = [info for info in list_mailboxes(self._account_id) if info.account_id == self._account_id]
        if len(infos) > MAX_MAILBOXES:
            raise TooMany
        return Names.of(infos, list_subscriptions(self._account_id))

    def _wants(self, name: str, event: str, subscribed: bool) -> bool:
        return event in self._events(name, subscribed)

    def _wants_metadata(self, name: str) -> bool:
        if not name:  # the server's, whatever the filter
            return any(SERVER_METADATA in group.events for group in self._others)
        return METADATA in self._events(name)

    def _events(self, name: str, subscribed: bool | None = None) -> set[str]:
        """What is wanted of a mailbox: all groups that it belongs to, together (section 6)."""
        known = self._known
        if subscribed is None:
            subscribed = known is not None and name in known.subscribed
        above = parents(name)
        return {event for group in self._others if group.covers(name, above, subscribed) for event in group.events}

    def _changed(
        self, before: Names, now: Names, selected: int, condstore: bool
    ) -> Iterator[tuple[MailboxInfo, list[str]]]:
        for key, info in now.infos.items():
            old = before.infos.get(key)
            if old is None and (replaced := before.named(info.name)) is not None:
                old = replaced  # deleted and made anew between two looks: another UIDVALIDITY
            if old is None or not info.selectable or key == selected:
                continue
            counted = before.counted.get(key, (old.uid_next, old.messages))
            if _is_as_it_was(old, info, counted):
                continue  # most are: the filters are not asked about them
            items = _items(old, info, counted, self._events(info.name), condstore)
            if items:
                yield info, items


def _is_as_it_was(old: MailboxInfo, info: MailboxInfo, counted: tuple[int, int]) -> bool:
    """Nothing happened that _items() could tell of."""
    same = (old.uid_validity, old.highest_modseq) == (info.uid_validity, info.highest_modseq)
    return same and counted == (info.uid_next, info.messages)


def _items(
    old: MailboxInfo, info: MailboxInfo, counted: tuple[int, int], wanted: set[str], condstore: bool
) -> list[str]:
    """What STATUS has to say (sections 5.1 to 5.3); nothing where nothing happened that is wanted."""
    if info.uid_validity != old.uid_validity:
        return ["MESSAGES", "UIDNEXT", "UIDVALIDITY"] if NEW in wanted else []
    items = []
    uid_next, messages = counted
    if NEW in wanted and (info.uid_next, info.messages) != (uid_next, messages):
        items += ["MESSAGES", "UIDNEXT"]
    if FLAGS in wanted and info.highest_modseq != old.highest_modseq:
        unseen = ["UNSEEN"] if info.unseen != old.unseen else []
        if unseen or condstore:
            items += [*unseen, "UIDVALIDITY"]
    return [*items, "HIGHESTMODSEQ"] if items and condstore else items


def _canonical(name: str) -> str:
    return "INBOX" if name.upper() == "INBOX" else name
