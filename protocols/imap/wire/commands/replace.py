"""REPLACE and UID REPLACE (RFC 8508)."""

from dataclasses import dataclass

from protocols.imap.wire.append_messages import AppendMessage, parse_append_message
from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.errors import BadSyntax
from protocols.imap.wire.scanner import Scanner
from protocols.imap.wire.sequences import SequenceSet


@dataclass(frozen=True, slots=True)
class Replace(Command):
    """`replaced` names one message, by UID or sequence number."""

    replaced: SequenceSet
    mailbox: str
    message: AppendMessage
    uid: bool


def parse(tag: bytes, scan: Scanner, uid: bool = False) -> Replace:
    """replace = "REPLACE" SP seq-number SP mailbox append-message"""
    scan.space()
    replaced = scan.sequence_set()
    if len(replaced.ranges) != 1 or replaced.ranges[0][0] != replaced.ranges[0][1]:
        raise BadSyntax("REPLACE takes one message")
    scan.space()
    return Replace(tag, replaced, scan.mailbox(), parse_append_message(scan), uid)
