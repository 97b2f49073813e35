"""GETMETADATA (RFC 5464 section 4.2)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.entry_names import parse_entries
from protocols.imap.wire.errors import BadSyntax
from protocols.imap.wire.scanner import Scanner

_DEPTHS: dict[bytes, int | None] = {b"0": 0, b"1": 1, b"INFINITY": None}


@dataclass(frozen=True, slots=True)
class GetMetadata(Command):
    """mailbox "" is the server; max_size None: values of any size; depth None: infinity. Names are in lower case."""

    mailbox: str
    entries: tuple[str, ...]
    max_size: int | None
    depth: int | None


def parse(tag: bytes, scan: Scanner) -> GetMetadata:
    """getmetadata = "GETMETADATA" [SP getmetadata-options] SP mailbox SP entries

    The options before the mailbox, as the syntax has them, or behind it, as the examples do.
    """
    scan.space()
    options: dict[str, int | None] = {}
    _options(scan, options)
    mailbox = scan.mailbox()
    scan.space()
    _options(scan, options)
    entries = parse_entries(scan)
    return GetMetadata(tag, mailbox, entries, options.get("MAXSIZE"), options.get("DEPTH", 0))


def _options(scan: Scanner, found: dict[str, int | None]) -> None:
    """ "(" getmetadata-option *(SP getmetadata-option) ")" SP; a list of entries begins with "/" or a quote"""
    if scan.peek() != b"(" or not scan.text[scan.pos + 1 : scan.pos + 2].isalpha():
        return
    scan.expect(b"(")
    while not scan.accept(b")"):
        name = scan.word()
        scan.space()
        if name == "MAXSIZE":
            found[name] = scan.number()
        elif name == "DEPTH":
            depth = scan.atom().upper()
            if depth not in _DEPTHS:
                raise BadSyntax("Bad DEPTH")
            found[name] = _DEPTHS[depth]
        else:
            raise BadSyntax("Unknown GETMETADATA option")
        scan.accept(b" ")
    scan.space()
