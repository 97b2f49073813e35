"""DELETEACL (RFC 4314 section 3.2)."""

from dataclasses import dataclass

from protocols.imap.wire.acl import Identifier, identifier
from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.scanner import Scanner


@dataclass(frozen=True, slots=True)
class DeleteAcl(Command):
    """Take `identifier` off the list of `mailbox`."""

    mailbox: str
    identifier: Identifier


def parse(tag: bytes, scan: Scanner) -> DeleteAcl:
    """deleteacl = "DELETEACL" SP mailbox SP identifier"""
    scan.space()
    mailbox = scan.mailbox()
    scan.space()
    return DeleteAcl(tag, mailbox, identifier(scan))
