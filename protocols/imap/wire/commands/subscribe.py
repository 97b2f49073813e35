"""SUBSCRIBE (RFC 3501 section 6.3.6)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.scanner import Scanner


@dataclass(frozen=True, slots=True)
class Subscribe(Command):
    """`mailbox` is decoded from modified UTF-7."""

    mailbox: str


def parse(tag: bytes, scan: Scanner) -> Subscribe:
    """subscribe = "SUBSCRIBE" SP mailbox"""
    scan.space()
    return Subscribe(tag, scan.mailbox())
