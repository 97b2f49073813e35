"""DELETE (RFC 3501 section 6.3.4)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.scanner import Scanner


@dataclass(frozen=True, slots=True)
class Delete(Command):
    """`mailbox` is decoded from modified UTF-7."""

    mailbox: str


def parse(tag: bytes, scan: Scanner) -> Delete:
    """delete = "DELETE" SP mailbox"""
    scan.space()
    return Delete(tag, scan.mailbox())
