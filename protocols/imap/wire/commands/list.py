"""LIST (RFC 3501 section 6.3.8) with options (RFC 5258, RFC 5819, RFC 6154, RFC 9590)."""

from collections.abc import Callable
from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.commands.status import status_items
from protocols.imap.wire.entry_names import parse_entries
from protocols.imap.wire.errors import BadSyntax
from protocols.imap.wire.scanner import Scanner

MAX_PATTERNS = 50
SELECTION = frozenset({"SUBSCRIBED", "REMOTE", "RECURSIVEMATCH", "SPECIAL-USE"})
# In the drafts that called the extension LISTEXT, CHILDREN stood among the selection options. It selects nothing, and
# whether a mailbox has children is always said.
IGNORED = frozenset({"CHILDREN"})
RETURN = frozenset({"SUBSCRIBED", "CHILDREN", "SPECIAL-USE", "MYRIGHTS"})


@dataclass(frozen=True, slots=True)
class List(Command):
    """Patterns are still modified UTF-7. `extended`: options or several patterns were given (RFC 5258 section 3)."""

    reference: bytes
    patterns: tuple[bytes, ...]
    selection: frozenset[str]
    returning: frozenset[str]
    status: tuple[str, ...]  # items of RETURN (STATUS (...)); (): none asked for
    metadata: tuple[str, ...]  # entries of RETURN (METADATA (...)); (): none asked for
    extended: bool


def parse(tag: bytes, scan: Scanner) -> List:
    """list = "LIST" [SP list-select-opts] SP mailbox SP mbox-or-pat [SP list-return-opts]"""
    scan.space()
    selection: frozenset[str] = frozenset()
    extended = scan.peek() == b"("
    if extended:
        selection = _selection(scan)
        scan.space()
    reference = scan.astring()
    scan.space()
    extended = extended or scan.peek() == b"("
    patterns = _patterns(scan)
    returning: frozenset[str] = frozenset()
    lists: dict[str, tuple[str, ...]] = {}
    if scan.accept(b" ") and not scan.at_end():
        extended = True
        returning, lists = _returning(scan)
    status, metadata = lists.get("STATUS", ()), lists.get("METADATA", ())
    return List(tag, reference, patterns, selection, returning, status, metadata, extended)


def _selection(scan: Scanner) -> frozenset[str]:
    options = set()
    scan.expect(b"(")
    while not scan.accept(b")"):
        options.add(scan.word())
        scan.accept(b" ")
    options -= IGNORED
    if not options <= SELECTION:
        raise BadSyntax("Unknown LIST selection option")
    if "RECURSIVEMATCH" in options and not options - {"RECURSIVEMATCH", "REMOTE"}:
        raise BadSyntax("RECURSIVEMATCH needs another selection option")
    return frozenset(options)


def _patterns(scan: Scanner) -> tuple[bytes, ...]:
    if not scan.accept(b"("):
        return (scan.list_pattern(),)
    patterns = [scan.list_pattern()]
    while not scan.accept(b")"):
        scan.space()
        patterns.append(scan.list_pattern())
        if len(patterns) > MAX_PATTERNS:
            raise BadSyntax("Too many patterns")
    return tuple(patterns)


def _returning(scan: Scanner) -> tuple[frozenset[str], dict[str, tuple[str, ...]]]:
    """The plain options, and those with a list behind them."""
    if scan.word() != "RETURN":
        raise BadSyntax("Expected RETURN")
    scan.space()
    scan.expect(b"(")
    options: set[str] = set()
    lists: dict[str, tuple[str, ...]] = {}
    while not scan.accept(b")"):
        option = scan.word()
        if option in _LISTS:
            scan.space()
            lists[option] = _LISTS[option](scan)
        elif option in RETURN:
            options.add(option)
        else:
            raise BadSyntax("Unknown LIST return option")
        scan.accept(b" ")
    return frozenset(options), lists


def _entries(scan: Scanner) -> tuple[str, ...]:
    """ "(" entry *(SP entry) ")" """
    if scan.peek() != b"(":
        raise BadSyntax("Expected a list of entries")
    return parse_entries(scan)


_LISTS: dict[str, Callable[[Scanner], tuple[str, ...]]] = {"STATUS": status_items, "METADATA": _entries}
