"""STARTTLS (RFC 3501 section 6.2.1)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.scanner import Scanner


@dataclass(frozen=True, slots=True)
class StartTls(Command):
    """No arguments."""


def parse(tag: bytes, scan: Scanner) -> StartTls:
    """The name alone."""
    return StartTls(tag)
