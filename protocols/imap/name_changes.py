"""Which names were made, deleted, renamed, subscribed (RFC 5465 sections 5.4 and 5.5), as LIST says it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from mailstore.mailboxes import DELIMITER, MailboxInfo
from protocols.imap.listing import Name, list_line
from protocols.imap.wire.commands.notify import NAME, SUBSCRIPTION

# name, event, whether the name is subscribed -> is it wanted?
Wants = Callable[[str, str, bool], bool]


@dataclass(slots=True)
class Names:
    """The account's mailboxes at one moment. `counted`: UIDNEXT and number of messages that the client knows."""

    infos: dict[int, MailboxInfo]
    subscribed: frozenset[str]
    counted: dict[int, tuple[int, int]]

    @classmethod
    def of(cls, infos: Iterable[MailboxInfo], subscriptions: Iterable[str]) -> "Names":
        by_id = {info.id: info for info in infos}
        counted = {info.id: (info.uid_next, info.messages) for info in by_id.values()}
        return cls(by_id, frozenset(subscriptions), counted)

    def named(self, name: str) -> MailboxInfo | None:
        """The mailbox of that name."""
        return next((info for info in self.infos.values() if info.name == name), None)

    def line(self, name: str, *, utf8: bool, old_name: str = "") -> bytes:
        """An extended LIST response; the name need not be a mailbox."""
        info = self.named(name)
        prefix = name + DELIMITER
        children = any(each.name.startswith(prefix) for each in self.infos.values())
        each = Name(name, info, name in self.subscribed, children)
        return list_line(each, subscribed=True, utf8=utf8, old=old_name)


def name_lines(before: Names, now: Names, wants: Wants, *, utf8: bool) -> Iterator[tuple[str, bytes]]:
    """(name, LIST response) of each affected name, once."""
    told: set[str] = set()
    renamed = _renamed(before, now)
    for new, old in renamed.items():
        is_subscribed = new in now.subscribed or old in before.subscribed
        if not moved_with_parent(new, old, renamed) and (
            wants(new, NAME, is_subscribed) or wants(old, NAME, is_subscribed)
        ):
            told.add(new)
            yield new, now.line(new, utf8=utf8, old_name=old)
    for name in _affected(before, now):
        if name not in told and wants(name, NAME, name in now.subscribed or name in before.subscribed):
            told.add(name)
            yield name, now.line(name, utf8=utf8)
    for name in sorted(before.subscribed ^ now.subscribed):
        if (
            name not in told
            and name not in renamed.values()
            and name not in renamed
            and wants(name, SUBSCRIPTION, True)
        ):
            yield name, now.line(name, utf8=utf8)


def _renamed(before: Names, now: Names) -> dict[str, str]:
    """New name -> old name."""
    return {
        info.name: before.infos[key].name
        for key, info in now.infos.items()
        if key in before.infos and before.infos[key].name != info.name
    }


def moved_with_parent(new: str, old: str, renamed: dict[str, str]) -> bool:
    """Children are renamed with their parent; no event is sent for them."""
    above, _, leaf = new.rpartition(DELIMITER)
    while above:
        if above in renamed and old == renamed[above] + DELIMITER + leaf:
            return True
        above, _, more = above.rpartition(DELIMITER)
        leaf = more + DELIMITER + leaf
    return False


def _affected(before: Names, now: Names) -> list[str]:
    """Names that were made or deleted, and the direct parent of each."""
    changed = {info.name for key, info in now.infos.items() if key not in before.infos}
    changed |= {info.name for key, info in before.infos.items() if key not in now.infos}
    changed |= {
        info.name
        for key, info in now.infos.items()
        if key in before.infos and before.infos[key].selectable != info.selectable
    }
    parents = {name.rpartition(DELIMITER)[0] for name in changed} - {""}
    return sorted(changed | parents)
