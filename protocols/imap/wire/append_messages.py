"""append-message (RFC 4466 section 4): what APPEND and REPLACE say of a new message; its annotations too (RFC 5257).

A message is a literal, a literal8 (RFC 3516 section 4.4), one with UTF-8 in its header (RFC 6855 section 4), or pieces
to be put together (RFC 4469 section 3).
"""

import re
from dataclasses import dataclass, replace

from protocols.imap.wire.annotations import EntryValues
from protocols.imap.wire.dates import parse_date_time
from protocols.imap.wire.errors import BadSyntax, EmptyMessage, TooManyPieces
from protocols.imap.wire.flag_lists import FlagList, parse_flag_list
from protocols.imap.wire.framer import Literal
from protocols.imap.wire.message_annotations import parse_att_annotate
from protocols.imap.wire.scanner import Scanner

# Pieces of all messages of one command: a message has a piece for each text and attachment, some dozens at most, and a
# URL of few octets makes the server open a mailbox.
MAX_PIECES = 300

NO_FLAGS = FlagList(0, frozenset())
_ANNOTATION = re.compile(rb"ANNOTATION(?= )", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Url:
    """A piece that is on the server already; as the client wrote it."""

    text: bytes


@dataclass(frozen=True, slots=True)
class AppendMessage:
    """`internal_date` in Unix seconds; None: now. `binary`: NULs are allowed in it, and nowhere else.

    `pieces`: one literal, in memory or spooled, or those of CATENATE.
    """

    flags: FlagList
    internal_date: int | None
    pieces: tuple[Literal | Url, ...]
    binary: bool = False
    annotations: tuple[EntryValues, ...] = ()

    @property
    def size(self) -> int:
        """Octets that came with the command."""
        return sum(len(piece) for piece in self.pieces if not isinstance(piece, Url))

    def close(self) -> None:
        """Give spooled literals back; once the command is done with."""
        for piece in self.pieces:
            if not isinstance(piece, bytes | Url):
                piece.close()


def parse_append_message(scan: Scanner) -> AppendMessage:
    """append-message = [SP flag-list] [SP date-time] [SP att-annotate] SP append-data"""
    scan.space()
    flags = NO_FLAGS
    if scan.peek() == b"(":
        flags = parse_flag_list(scan)
        scan.space()
    moment = None
    if scan.peek() == b'"':
        moment = parse_date_time(scan.string())
        scan.space()
    if found := _ANNOTATION.match(scan.text, scan.pos):
        scan.pos = found.end()
        annotations = parse_att_annotate(scan)
        scan.space()
        return replace(_append_data(scan, flags, moment), annotations=annotations)
    return _append_data(scan, flags, moment)


def _append_data(scan: Scanner, flags: FlagList, moment: int | None) -> AppendMessage:
    """append-data = literal / literal8 / append-data-ext"""
    if scan.accept(b"~"):
        return AppendMessage(flags, moment, (_filled(scan.literal()),), binary=True)
    if scan.at_literal():
        return AppendMessage(flags, moment, (_text(_filled(scan.literal())),))
    word = scan.word()
    if word == "UTF8":
        return AppendMessage(flags, moment, (_filled(_utf8(scan)),))
    if word == "CATENATE":
        return AppendMessage(flags, moment, _cat_parts(scan))
    raise BadSyntax("Expected a literal")


def _cat_parts(scan: Scanner) -> tuple[Literal | Url, ...]:
    """ "(" cat-part *(SP cat-part) ")"

    Raises TooManyPieces.
    """
    scan.space()
    scan.expect(b"(")
    pieces = [_cat_part(scan)]
    while not scan.accept(b")"):
        scan.space()
        pieces.append(_cat_part(scan))
    return tuple(pieces)


def _cat_part(scan: Scanner) -> Literal | Url:
    """cat-part = "TEXT" SP literal / "URL" SP astring / utf8-literal"""
    scan.pieces += 1
    if scan.pieces > MAX_PIECES:
        raise TooManyPieces("There are too many pieces", code="LIMIT")
    word = scan.word()
    if word == "UTF8":
        return _utf8(scan)
    scan.space()
    if word == "TEXT":
        return _text(scan.literal())
    if word == "URL":
        return Url(scan.astring())
    raise BadSyntax("Expected TEXT or URL")


def _utf8(scan: Scanner) -> Literal:
    """utf8-literal = "UTF8" SP "(" literal8 ")", behind the word (RFC 6855 section 4)"""
    scan.space()
    scan.expect(b"(")
    scan.expect(b"~")
    message = _text(scan.literal())
    scan.expect(b")")
    return message


def _filled(message: Literal) -> Literal:
    """RFC 3502 section 6.3.11: a zero-length message MUST return a NO."""
    if not len(message):
        raise EmptyMessage("An empty message cannot be appended")
    return message


def _text(message: Literal) -> Literal:
    """literal = "{" number "}" CRLF *CHAR8, and CHAR8 = %x01-ff"""
    pieces = (message,) if isinstance(message, bytes) else message.chunks()
    if any(b"\0" in piece for piece in pieces):
        raise BadSyntax("NUL in the message")
    return message
