"""RENAME (RFC 3501 section 6.3.5)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.scanner import Scanner


@dataclass(frozen=True, slots=True)
class Rename(Command):
    """From `mailbox` to `new_name`."""

    mailbox: str
    new_name: str


def parse(tag: bytes, scan: Scanner) -> Rename:
    """rename = "RENAME" SP mailbox SP mailbox"""
    scan.space()
    old = scan.mailbox()
    scan.space()
    return Rename(tag, old, scan.mailbox())
