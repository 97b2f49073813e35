"""NOTIFY (RFC 5465)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.errors import BadEvent, BadSyntax
from protocols.imap.wire.fetch_items import Item, parse_fetch_items
from protocols.imap.wire.scanner import Scanner

NEW, EXPUNGE, FLAGS = "MessageNew", "MessageExpunge", "FlagChange"
NAME, SUBSCRIPTION = "MailboxName", "SubscriptionChange"
METADATA, SERVER_METADATA = "MailboxMetadataChange", "ServerMetadataChange"
MESSAGE_EVENTS = (NEW, EXPUNGE, FLAGS)
EVENTS = {event.upper(): event for event in (*MESSAGE_EVENTS, NAME, SUBSCRIPTION, METADATA, SERVER_METADATA)}
SELECTED, DELAYED = "SELECTED", "SELECTED-DELAYED"
_WITH_NAMES = frozenset({"SUBTREE", "MAILBOXES"})
_FILTERS = frozenset({SELECTED, DELAYED, "INBOXES", "PERSONAL", "SUBSCRIBED", *_WITH_NAMES})
# Of one command, the names of all groups together. A client names its handful of folders; what goes over all is asked
# for by a filter.
MAX_GROUPS = 50
MAX_NAMES = 1_000


@dataclass(frozen=True, slots=True)
class EventGroup:
    """`where`: the filter in capitals; `names` of SUBTREE and MAILBOXES; `items`: what MessageNew fetches."""

    where: str
    names: tuple[str, ...]
    events: frozenset[str]
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Notify(Command):
    """`groups` None: NOTIFY NONE. `status`: the state of the mailboxes is asked for at once."""

    groups: tuple[EventGroup, ...] | None
    status: bool


def parse(tag: bytes, scan: Scanner) -> Notify:
    """notify = "NOTIFY" SP (notify-set / notify-none)"""
    scan.space()
    word = scan.word()
    if word == "NONE":
        return Notify(tag, None, False)
    if word != "SET":
        raise BadSyntax("Expected SET or NONE")
    scan.space()
    status = scan.peek() != b"("
    if status:
        if scan.word() != "STATUS":
            raise BadSyntax("Expected STATUS or an event group")
        scan.space()
    groups = [_group(scan)]
    while scan.accept(b" ") and not scan.at_end():
        groups.append(_group(scan))
        if len(groups) > MAX_GROUPS:
            raise BadSyntax("Too many event groups")
    if sum(len(group.names) for group in groups) > MAX_NAMES:
        raise BadSyntax("Too many mailboxes")
    if sum(group.where in (SELECTED, DELAYED) for group in groups) > 1:
        raise BadSyntax("Only one filter for the selected mailbox")
    return Notify(tag, tuple(groups), status)


def _group(scan: Scanner) -> EventGroup:
    """event-group = "(" filter-mailboxes SP events ")" """
    scan.expect(b"(")
    where = scan.word()
    if where not in _FILTERS:
        raise BadSyntax("Unknown mailbox filter")
    scan.space()
    names: tuple[str, ...] = ()
    if where in _WITH_NAMES:
        names = _names(scan)
        scan.space()
    events, items = _events(scan)
    scan.expect(b")")
    _check(where, events, items)
    return EventGroup(where, names, events, items)


def _names(scan: Scanner) -> tuple[str, ...]:
    """one-or-more-mailbox = mailbox / "(" mailbox *(SP mailbox) ")" """
    if not scan.accept(b"("):
        return (scan.mailbox(),)
    names = [scan.mailbox()]
    while not scan.accept(b")"):
        scan.space()
        names.append(scan.mailbox())
        if len(names) > MAX_NAMES:
            raise BadSyntax("Too many mailboxes")
    return tuple(names)


def _events(scan: Scanner) -> tuple[frozenset[str], tuple[Item, ...]]:
    """events = ( "(" event *(SP event) ")" ) / "NONE"; an event that is not known here is refused with NO"""
    if not scan.accept(b"("):
        if scan.word() != "NONE":
            raise BadSyntax("Expected events or NONE")
        return frozenset(), ()
    events: set[str] = set()
    items: tuple[Item, ...] = ()
    while not scan.accept(b")"):
        word = scan.atom().decode().upper()
        events.add(EVENTS.get(word, word))
        if scan.peek() != b")":
            scan.space()
        if scan.peek() == b"(":
            if word != NEW.upper() or items:
                raise BadSyntax("Only MessageNew takes FETCH items")
            items = parse_fetch_items(scan)
            if scan.peek() != b")":
                scan.space()
    if not events:
        raise BadSyntax("Expected an event")
    if not events.issubset(EVENTS.values()):
        raise BadEvent("There is an event that is not supported", code=f"BADEVENT ({' '.join(EVENTS.values())})")
    return frozenset(events), items


def _check(where: str, events: frozenset[str], items: tuple[Item, ...]) -> None:
    """Which events belong together (section 5), and which to the selected mailbox (section 6.1)."""
    if (NEW in events) != (EXPUNGE in events):
        raise BadSyntax("MessageNew and MessageExpunge belong together")
    if FLAGS in events and NEW not in events:
        raise BadSyntax("FlagChange needs MessageNew and MessageExpunge")
    if where in (SELECTED, DELAYED):
        if not events.issubset(MESSAGE_EVENTS):
            raise BadSyntax("Only message events for the selected mailbox")
    elif items:
        raise BadSyntax("FETCH items for the selected mailbox only")
