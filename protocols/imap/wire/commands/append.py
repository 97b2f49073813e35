"""APPEND (RFC 3501 section 6.3.11), with the UTF8 data extension (RFC 6855 section 4)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.dates import parse_date_time
from protocols.imap.wire.errors import BadSyntax
from protocols.imap.wire.flag_lists import FlagList, parse_flag_list
from protocols.imap.wire.framer import Literal
from protocols.imap.wire.scanner import Scanner

NO_FLAGS = FlagList(0, frozenset())


@dataclass(frozen=True, slots=True)
class Append(Command):
    """`internal_date` in Unix seconds; None: now. `message` is in memory or spooled, never empty."""

    mailbox: str
    flags: FlagList
    internal_date: int | None
    message: Literal


def parse(tag: bytes, scan: Scanner) -> Append:
    """append = "APPEND" SP mailbox [SP flag-list] [SP date-time] SP (literal / utf8-literal)"""
    scan.space()
    mailbox = scan.mailbox()
    scan.space()
    flags = NO_FLAGS
    if scan.peek() == b"(":
        flags = parse_flag_list(scan)
        scan.space()
    moment = None
    if scan.peek() == b'"':
        moment = parse_date_time(scan.string())
        scan.space()
    message = scan.literal() if scan.at_literal() else _utf8_literal(scan)
    if not len(message):
        raise BadSyntax("An empty message cannot be appended")
    pieces = (message,) if isinstance(message, bytes) else message.chunks()
    if any(b"\0" in piece for piece in pieces):
        raise BadSyntax("NUL in the message")  # literal = "{" number "}" CRLF *CHAR8, and CHAR8 = %x01-ff
    return Append(tag, mailbox, flags, moment, message)


def _utf8_literal(scan: Scanner) -> Literal:
    """utf8-literal = "UTF8" SP "(" literal8 ")" """
    if scan.word() != "UTF8":
        raise BadSyntax("Expected a literal")
    scan.space()
    scan.expect(b"(")
    scan.expect(b"~")
    message = scan.literal()
    scan.expect(b")")
    return message
