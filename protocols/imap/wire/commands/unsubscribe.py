"""UNSUBSCRIBE (RFC 3501 section 6.3.7)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.scanner import Scanner


@dataclass(frozen=True, slots=True)
class Unsubscribe(Command):
    """`mailbox` is decoded from modified UTF-7."""

    mailbox: str


def parse(tag: bytes, scan: Scanner) -> Unsubscribe:
    """unsubscribe = "UNSUBSCRIBE" SP mailbox"""
    scan.space()
    return Unsubscribe(tag, scan.mailbox())
