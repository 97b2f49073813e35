"""SEARCH and UID SEARCH (RFC 3501 section 6.4.4, extended by RFC 4731)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.dialect import IMAP4REV2
from protocols.imap.wire.scanner import Scanner
from protocols.imap.wire.search_program import Program, check_relevancy, parse_program, returning
from protocols.imap.wire.search_return import ALL, ReturnOptions


@dataclass(frozen=True, slots=True)
class Search(Command):
    """`options` None: the answer is a SEARCH response, else an ESEARCH response."""

    options: ReturnOptions | None
    program: Program
    uid: bool


def parse(tag: bytes, scan: Scanner, uid: bool = False) -> Search:
    """search = "SEARCH" [SP search-return-opts] SP search-program"""
    scan.space()
    with returning(scan) as options:
        if options is None and IMAP4REV2 in scan.enabled:
            options = ALL  # RFC 9051 section 6.4.4: there is no SEARCH response any more
        program = parse_program(scan)
        check_relevancy(options is not None and "RELEVANCY" in options.names, program)
        return Search(tag, options, program, uid)
