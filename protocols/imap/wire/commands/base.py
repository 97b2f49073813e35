"""What all commands share."""

from collections.abc import Callable
from dataclasses import dataclass

from protocols.imap.wire.scanner import Scanner


@dataclass(frozen=True, slots=True)
class Command:
    """A parsed command; `tag` comes back in its tagged response."""

    tag: bytes


Parser = Callable[[bytes, Scanner], Command]
