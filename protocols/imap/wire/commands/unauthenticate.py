"""UNAUTHENTICATE (RFC 8437 section 3)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.scanner import Scanner


@dataclass(frozen=True, slots=True)
class Unauthenticate(Command):
    """No arguments."""


def parse(tag: bytes, scan: Scanner) -> Unauthenticate:
    """The name alone."""
    return Unauthenticate(tag)
