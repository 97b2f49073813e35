"""GETQUOTA (RFC 9208 section 4.1.1)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.scanner import Scanner


@dataclass(frozen=True, slots=True)
class GetQuota(Command):
    """`root` is opaque to a client (section 3.2)."""

    root: bytes


def parse(tag: bytes, scan: Scanner) -> GetQuota:
    """getquota = "GETQUOTA" SP quota-root-name"""
    scan.space()
    return GetQuota(tag, scan.astring())
