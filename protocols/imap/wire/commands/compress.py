"""COMPRESS (RFC 4978 section 3)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.errors import BadSyntax
from protocols.imap.wire.scanner import Scanner


@dataclass(frozen=True, slots=True)
class Compress(Command):
    """DEFLATE is the only algorithm there is."""


def parse(tag: bytes, scan: Scanner) -> Compress:
    """compress = "COMPRESS" SP algorithm; algorithm = "DEFLATE" """
    scan.space()
    if scan.atom().upper() != b"DEFLATE":
        raise BadSyntax("Unknown compression algorithm")
    return Compress(tag)
