"""ENABLE (RFC 5161)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.scanner import Scanner


@dataclass(frozen=True, slots=True)
class Enable(Command):
    """Names in upper case; unknown ones are let pass (RFC 5161 section 3.1)."""

    names: tuple[str, ...]


def parse(tag: bytes, scan: Scanner) -> Enable:
    """enable = "ENABLE" 1*(SP capability)"""
    scan.space()
    names = [scan.atom().decode().upper()]
    while scan.accept(b" ") and not scan.at_end():
        names.append(scan.atom().decode().upper())
    return Enable(tag, tuple(names))
