"""SELECT (RFC 3501 section 6.3.1) with CONDSTORE and QRESYNC (RFC 7162 sections 3.1.8, 3.2.5), ANNOTATE (RFC 5257)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.errors import BadSyntax
from protocols.imap.wire.qresync import QResync, parse_qresync
from protocols.imap.wire.scanner import Scanner


@dataclass(frozen=True, slots=True)
class Select(Command):
    """`condstore`: the client asks for MODSEQs from here on; `qresync`: for what changed since it was here."""

    mailbox: str
    condstore: bool
    qresync: QResync | None = None
    annotate: bool = False  # the client wants to hear of annotations (RFC 5257 section 4.2)


def parse(tag: bytes, scan: Scanner) -> Select:
    """select = "SELECT" SP mailbox [SP "(" select-param *(SP select-param) ")"]"""
    return Select(tag, *arguments(scan))


def arguments(scan: Scanner) -> tuple[str, bool, QResync | None, bool]:
    """Of SELECT and EXAMINE."""
    scan.space()
    mailbox = scan.mailbox()
    condstore, qresync, annotate = False, None, False
    if scan.accept(b" ") and not scan.at_end():
        scan.expect(b"(")
        while not scan.accept(b")"):
            name = scan.word()
            if name == "CONDSTORE":
                condstore = True
            elif name == "ANNOTATE":
                annotate = True
            elif name == "QRESYNC" and qresync is None:
                qresync = parse_qresync(scan)
            else:
                raise BadSyntax("Unknown SELECT parameter, or one twice")
            scan.accept(b" ")
    return mailbox, condstore, qresync, annotate
