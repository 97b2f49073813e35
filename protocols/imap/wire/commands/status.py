"""STATUS (RFC 3501 section 6.3.10) with the items of RFC 7162 section 3.1.7, RFC 7889, 8438, 8474, 9051 and 9208."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.dialect import is_gone
from protocols.imap.wire.errors import BadSyntax
from protocols.imap.wire.scanner import Scanner

ITEMS = frozenset({
    "MESSAGES", "RECENT", "UIDNEXT", "UIDVALIDITY", "UNSEEN", "DELETED", "HIGHESTMODSEQ", "SIZE", "APPENDLIMIT",
    "MAILBOXID", "DELETED-STORAGE",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Status(Command):
    """`items` in the order in which they were asked for."""

    mailbox: str
    items: tuple[str, ...]


def parse(tag: bytes, scan: Scanner) -> Status:
    """status = "STATUS" SP mailbox SP "(" status-att *(SP status-att) ")" """
    scan.space()
    mailbox = scan.mailbox()
    scan.space()
    return Status(tag, mailbox, status_items(scan))


def status_items(scan: Scanner) -> tuple[str, ...]:
    """ "(" status-att *(SP status-att) ")" """
    scan.expect(b"(")
    items = []
    while not scan.accept(b")"):
        items.append(scan.word())
        scan.accept(b" ")
    if not items or not ITEMS.issuperset(items) or any(is_gone(item, scan.enabled) for item in items):
        raise BadSyntax("Unknown STATUS item")
    return tuple(dict.fromkeys(items))
