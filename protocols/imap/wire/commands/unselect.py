"""UNSELECT (RFC 3691)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.scanner import Scanner


@dataclass(frozen=True, slots=True)
class Unselect(Command):
    """No arguments."""


def parse(tag: bytes, scan: Scanner) -> Unselect:
    """The name alone."""
    return Unselect(tag)
