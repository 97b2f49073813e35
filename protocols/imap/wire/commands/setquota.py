"""SETQUOTA (RFC 9208 section 4.1.3)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.errors import BadSyntax
from protocols.imap.wire.scanner import Scanner

# RFC 9208 section 5 defines four; a list of more names nothing that exists.
MAX_RESOURCES = 10


@dataclass(frozen=True, slots=True)
class SetQuota(Command):
    """`limits`: (resource name in capitals, limit in the resource's own units)."""

    root: bytes
    limits: tuple[tuple[str, int], ...]


def parse(tag: bytes, scan: Scanner) -> SetQuota:
    """setquota = "SETQUOTA" SP quota-root-name SP "(" [setquota-resource *(SP setquota-resource)] ")" """
    scan.space()
    root = scan.astring()
    scan.space()
    scan.expect(b"(")
    limits: dict[str, int] = {}
    while not scan.accept(b")"):
        name = scan.atom().decode().upper()
        scan.space()
        if name in limits or len(limits) == MAX_RESOURCES:
            raise BadSyntax("A resource is named twice, or too many are")
        limits[name] = scan.number()
        scan.accept(b" ")
    return SetQuota(tag, root, tuple(limits.items()))
