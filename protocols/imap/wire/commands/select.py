"""SELECT (RFC 3501 section 6.3.1) with its CONDSTORE parameter (RFC 7162 section 3.1.8)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.errors import BadSyntax
from protocols.imap.wire.scanner import Scanner


@dataclass(frozen=True, slots=True)
class Select(Command):
    """`condstore`: the client asks for MODSEQs from here on."""

    mailbox: str
    condstore: bool


def parse(tag: bytes, scan: Scanner) -> Select:
    """select = "SELECT" SP mailbox [SP "(" select-param *(SP select-param) ")"]"""
    return Select(tag, *arguments(scan))


def arguments(scan: Scanner) -> tuple[str, bool]:
    """Of SELECT and EXAMINE."""
    scan.space()
    mailbox = scan.mailbox()
    condstore = False
    if scan.accept(b" ") and not scan.at_end():
        scan.expect(b"(")
        while not scan.accept(b")"):
            if scan.word() != "CONDSTORE":
                raise BadSyntax("Unknown SELECT parameter")
            condstore = True
            scan.accept(b" ")
    return mailbox, condstore
