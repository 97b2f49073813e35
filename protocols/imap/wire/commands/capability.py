"""CAPABILITY (RFC 3501 section 6.1.1)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.scanner import Scanner


@dataclass(frozen=True, slots=True)
class Capability(Command):
    """No arguments."""


def parse(tag: bytes, scan: Scanner) -> Capability:
    """The name alone."""
    return Capability(tag)
