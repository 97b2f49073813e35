"""LOGOUT (RFC 3501 section 6.1.3)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.scanner import Scanner


@dataclass(frozen=True, slots=True)
class Logout(Command):
    """No arguments."""


def parse(tag: bytes, scan: Scanner) -> Logout:
    """The name alone."""
    return Logout(tag)
