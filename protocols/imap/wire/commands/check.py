"""CHECK (RFC 3501 section 6.4.1)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.scanner import Scanner


@dataclass(frozen=True, slots=True)
class Check(Command):
    """No arguments."""


def parse(tag: bytes, scan: Scanner) -> Check:
    """The name alone."""
    return Check(tag)
