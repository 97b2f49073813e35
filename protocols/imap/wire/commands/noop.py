"""NOOP (RFC 3501 section 6.1.2)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.scanner import Scanner


@dataclass(frozen=True, slots=True)
class Noop(Command):
    """No arguments."""


def parse(tag: bytes, scan: Scanner) -> Noop:
    """The name alone."""
    return Noop(tag)
