"""EXPUNGE (RFC 3501 section 6.4.3) and UID EXPUNGE (RFC 4315 section 2.1)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.scanner import Scanner
from protocols.imap.wire.sequences import SequenceSet


@dataclass(frozen=True, slots=True)
class Expunge(Command):
    """`uids`: only these; None: all that are \\Deleted."""

    uids: SequenceSet | None


def parse(tag: bytes, scan: Scanner, uid: bool = False) -> Expunge:
    """expunge = "EXPUNGE"; uid-expunge = "UID" SP "EXPUNGE" SP sequence-set"""
    if not uid:
        return Expunge(tag, None)
    scan.space()
    return Expunge(tag, scan.sequence_set())
