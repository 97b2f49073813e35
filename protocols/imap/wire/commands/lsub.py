"""LSUB (RFC 3501 section 6.3.9)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.scanner import Scanner


@dataclass(frozen=True, slots=True)
class Lsub(Command):
    """Both are still modified UTF-7."""

    reference: bytes
    pattern: bytes


def parse(tag: bytes, scan: Scanner) -> Lsub:
    """lsub = "LSUB" SP mailbox SP list-mailbox"""
    scan.space()
    reference = scan.astring()
    scan.space()
    return Lsub(tag, reference, scan.list_pattern())
