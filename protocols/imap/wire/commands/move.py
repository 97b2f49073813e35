"""MOVE and UID MOVE (RFC 6851)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.scanner import Scanner
from protocols.imap.wire.sequences import SequenceSet


@dataclass(frozen=True, slots=True)
class Move(Command):
    """`uid`: the set holds UIDs, not sequence numbers."""

    messages: SequenceSet
    mailbox: str
    uid: bool


def parse(tag: bytes, scan: Scanner, uid: bool = False) -> Move:
    """move = "MOVE" SP sequence-set SP mailbox"""
    scan.space()
    messages = scan.sequence_set()
    scan.space()
    return Move(tag, messages, scan.mailbox(), uid)
