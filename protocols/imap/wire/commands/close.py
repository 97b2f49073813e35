"""CLOSE (RFC 3501 section 6.4.2)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.scanner import Scanner


@dataclass(frozen=True, slots=True)
class Close(Command):
    """No arguments."""


def parse(tag: bytes, scan: Scanner) -> Close:
    """The name alone."""
    return Close(tag)
