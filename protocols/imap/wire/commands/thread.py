"""THREAD and UID THREAD (RFC 5256; REFS: draft-ietf-morg-inthread)."""

from dataclasses import dataclass

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.errors import BadSyntax
from protocols.imap.wire.scanner import Scanner
from protocols.imap.wire.search_program import Program, parse_criteria

ALGORITHMS = ("ORDEREDSUBJECT", "REFERENCES", "REFS")


@dataclass(frozen=True, slots=True)
class Thread(Command):
    """`algorithm`: one of ALGORITHMS."""

    algorithm: str
    program: Program
    uid: bool


def parse(tag: bytes, scan: Scanner, uid: bool = False) -> Thread:
    """thread = "THREAD" SP thread-alg SP search-criteria"""
    scan.space()
    algorithm = scan.word()
    if algorithm not in ALGORITHMS:
        raise BadSyntax("Unknown threading algorithm")
    scan.space()
    return Thread(tag, algorithm, parse_criteria(scan), uid)
