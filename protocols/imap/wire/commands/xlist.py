"""XLIST: LIST with special uses, as Google had it before RFC 6154; arguments as in RFC 3501 section 6.3.8."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.scanner import Scanner


@dataclass(frozen=True, slots=True)
class Xlist(Command):
    """Both are still modified UTF-7."""

    reference: bytes
    pattern: bytes


def parse(tag: bytes, scan: Scanner) -> Xlist:
    """xlist = "XLIST" SP mailbox SP list-mailbox"""
    scan.space()
    reference = scan.astring()
    scan.space()
    return Xlist(tag, reference, scan.list_pattern())
