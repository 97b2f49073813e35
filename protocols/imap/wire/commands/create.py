"""CREATE (RFC 3501 section 6.3.3) with its USE parameter (RFC 6154 section 3)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.errors import BadSyntax
from protocols.imap.wire.scanner import Scanner


@dataclass(frozen=True, slots=True)
class Create(Command):
    """`mailbox` is decoded from modified UTF-7; `uses` are special-use attributes in lower case, `\\sent`."""

    mailbox: str
    uses: frozenset[str] = frozenset()


def parse(tag: bytes, scan: Scanner) -> Create:
    """create = "CREATE" SP mailbox [SP "(" "USE" SP "(" [use-attr *(SP use-attr)] ")" ")"]"""
    scan.space()
    mailbox = scan.mailbox()
    uses: frozenset[str] = frozenset()
    if scan.accept(b" ") and not scan.at_end():
        scan.expect(b"(")
        if scan.word() != "USE":
            raise BadSyntax("Unknown CREATE parameter")
        scan.space()
        uses = _uses(scan)
        scan.expect(b")")
    return Create(tag, mailbox, uses)


def _uses(scan: Scanner) -> frozenset[str]:
    uses = set()
    scan.expect(b"(")
    while not scan.accept(b")"):
        use = scan.flag()
        if not use.startswith(b"\\"):
            raise BadSyntax("Expected a special-use attribute")
        uses.add(use.decode().lower())
        scan.accept(b" ")
    return frozenset(uses)
