"""CANCELUPDATE (RFC 5267 section 4.3.5)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.scanner import Scanner


@dataclass(frozen=True, slots=True)
class CancelUpdate(Command):
    """`tags`: of the searching commands that asked for updates."""

    tags: tuple[bytes, ...]


def parse(tag: bytes, scan: Scanner) -> CancelUpdate:
    """command-select =/ "CANCELUPDATE" 1*(SP quoted)"""
    scan.space()
    tags = [scan.string()]
    while scan.accept(b" ") and not scan.at_end():
        tags.append(scan.string())
    return CancelUpdate(tag, tuple(tags))
