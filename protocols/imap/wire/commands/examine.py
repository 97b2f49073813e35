"""EXAMINE (RFC 3501 section 6.3.2): SELECT that changes nothing."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.commands.select import arguments
from protocols.imap.wire.qresync import QResync
from protocols.imap.wire.scanner import Scanner


@dataclass(frozen=True, slots=True)
class Examine(Command):
    """As Select."""

    mailbox: str
    condstore: bool
    qresync: QResync | None = None
    annotate: bool = False


def parse(tag: bytes, scan: Scanner) -> Examine:
    """examine = "EXAMINE" SP mailbox [SP "(" select-param *(SP select-param) ")"]"""
    return Examine(tag, *arguments(scan))
