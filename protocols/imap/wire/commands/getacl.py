"""GETACL (RFC 4314 section 3.3)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.scanner import Scanner


@dataclass(frozen=True, slots=True)
class GetAcl(Command):
    """Of `mailbox`."""

    mailbox: str


def parse(tag: bytes, scan: Scanner) -> GetAcl:
    """getacl = "GETACL" SP mailbox"""
    scan.space()
    return GetAcl(tag, scan.mailbox())
