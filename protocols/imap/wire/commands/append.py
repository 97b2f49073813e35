"""APPEND (RFC 3501 section 6.3.11) of one message or several (RFC 3502)."""

from dataclasses import dataclass

from protocols.imap.wire.append_messages import AppendMessage, parse_append_message
from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.scanner import Scanner


@dataclass(frozen=True, slots=True)
class Append(Command):
    """At least one message; all are appended or none."""

    mailbox: str
    messages: tuple[AppendMessage, ...]


def parse(tag: bytes, scan: Scanner) -> Append:
    """append = "APPEND" SP mailbox 1*append-message"""
    scan.space()
    mailbox = scan.mailbox()
    messages = [parse_append_message(scan)]
    while not scan.only_spaces_left():
        messages.append(parse_append_message(scan))
    return Append(tag, mailbox, tuple(messages))
