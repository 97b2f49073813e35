"""AUTHENTICATE (RFC 3501 section 6.2.2) with an initial response (RFC 4959)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.scanner import Scanner


@dataclass(frozen=True, slots=True)
class Authenticate(Command):
    """`initial` is still base64; None: there was none; "=" stands for an empty one (RFC 4959 section 3)."""

    mechanism: str
    initial: bytes | None


def parse(tag: bytes, scan: Scanner) -> Authenticate:
    """authenticate = "AUTHENTICATE" SP auth-type [SP (base64 / "=")]"""
    scan.space()
    mechanism = scan.atom().decode().upper()
    if not scan.accept(b" ") or scan.at_end():
        return Authenticate(tag, mechanism, None)
    return Authenticate(tag, mechanism, scan.atom())
