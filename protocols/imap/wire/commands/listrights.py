"""LISTRIGHTS (RFC 4314 section 3.4)."""

from dataclasses import dataclass

from protocols.imap.wire.acl import Identifier, identifier
from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.scanner import Scanner


@dataclass(frozen=True, slots=True)
class ListRights(Command):
    """What `identifier` may be given in `mailbox`."""

    mailbox: str
    identifier: Identifier


def parse(tag: bytes, scan: Scanner) -> ListRights:
    """listrights = "LISTRIGHTS" SP mailbox SP identifier"""
    scan.space()
    mailbox = scan.mailbox()
    scan.space()
    return ListRights(tag, mailbox, identifier(scan))
