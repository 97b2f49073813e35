"""IDLE (RFC 2177); its DONE has no tag and is no command."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.scanner import Scanner


@dataclass(frozen=True, slots=True)
class Idle(Command):
    """No arguments."""


def parse(tag: bytes, scan: Scanner) -> Idle:
    """The name alone."""
    return Idle(tag)
