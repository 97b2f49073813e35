"""SETACL (RFC 4314 section 3.1)."""

from dataclasses import dataclass
from typing import Literal

from protocols.imap.wire.acl import Identifier, identifier, mod_rights
from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.scanner import Scanner


@dataclass(frozen=True, slots=True)
class SetAcl(Command):
    """Change what `identifier` may do in `mailbox`; `letters` may have "c" and "d"."""

    mailbox: str
    identifier: Identifier
    mode: Literal["replace", "add", "remove"]
    letters: str


def parse(tag: bytes, scan: Scanner) -> SetAcl:
    """setacl = "SETACL" SP mailbox SP identifier SP mod-rights"""
    scan.space()
    mailbox = scan.mailbox()
    scan.space()
    who = identifier(scan)
    scan.space()
    mode, letters = mod_rights(scan)
    return SetAcl(tag, mailbox, who, mode, letters)
