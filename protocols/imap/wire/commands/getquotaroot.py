"""GETQUOTAROOT (RFC 9208 section 4.1.2)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.scanner import Scanner


@dataclass(frozen=True, slots=True)
class GetQuotaRoot(Command):
    """The mailbox need not exist: it may be one that is to be made."""

    mailbox: str


def parse(tag: bytes, scan: Scanner) -> GetQuotaRoot:
    """getquotaroot = "GETQUOTAROOT" SP mailbox"""
    scan.space()
    return GetQuotaRoot(tag, scan.mailbox())
