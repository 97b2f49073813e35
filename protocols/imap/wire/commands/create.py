"""CREATE (RFC 3501 section 6.3.3)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.scanner import Scanner


@dataclass(frozen=True, slots=True)
class Create(Command):
    """`mailbox` is decoded from modified UTF-7."""

    mailbox: str


def parse(tag: bytes, scan: Scanner) -> Create:
    """create = "CREATE" SP mailbox"""
    scan.space()
    return Create(tag, scan.mailbox())
