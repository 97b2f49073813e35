"""NAMESPACE (RFC 2342)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.scanner import Scanner


@dataclass(frozen=True, slots=True)
class Namespace(Command):
    """No arguments."""


def parse(tag: bytes, scan: Scanner) -> Namespace:
    """The name alone."""
    return Namespace(tag)
