"""MYRIGHTS (RFC 4314 section 3.5)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.scanner import Scanner


@dataclass(frozen=True, slots=True)
class MyRights(Command):
    """In `mailbox`."""

    mailbox: str


def parse(tag: bytes, scan: Scanner) -> MyRights:
    """myrights = "MYRIGHTS" SP mailbox"""
    scan.space()
    return MyRights(tag, scan.mailbox())
