"""COPY and UID COPY (RFC 3501 section 6.4.7)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.scanner import Scanner
from protocols.imap.wire.sequences import SequenceSet


@dataclass(frozen=True, slots=True)
class Copy(Command):
    """`uid`: the set holds UIDs, not sequence numbers."""

    messages: SequenceSet
    mailbox: str
    uid: bool


def parse(tag: bytes, scan: Scanner, uid: bool = False) -> Copy:
    """copy = "COPY" SP sequence-set SP mailbox"""
    scan.space()
    messages = scan.sequence_set()
    scan.space()
    return Copy(tag, messages, scan.mailbox(), uid)
