"""STORE and UID STORE (RFC 3501 section 6.4.6) with UNCHANGEDSINCE (RFC 7162 section 3.1.3)."""

import re
from dataclasses import dataclass
from typing import Literal

from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.errors import BadSyntax
from protocols.imap.wire.flag_lists import FlagList, parse_store_flags
from protocols.imap.wire.scanner import Scanner
from protocols.imap.wire.sequences import SequenceSet

Mode = Literal["add", "remove", "replace"]
_MODES: dict[bytes, Mode] = {b"+": "add", b"-": "remove", b"": "replace"}
_ITEM = re.compile(rb"([+-]?)FLAGS(\.SILENT)?(?= )", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Store(Command):
    """`silent`: the client computes the new flags itself."""

    messages: SequenceSet
    mode: Mode
    flags: FlagList
    silent: bool
    unchanged_since: int | None
    uid: bool


def parse(tag: bytes, scan: Scanner, uid: bool = False) -> Store:
    """store = "STORE" SP sequence-set [SP "(" "UNCHANGEDSINCE" SP number ")"] SP store-att-flags"""
    scan.space()
    messages = scan.sequence_set()
    scan.space()
    unchanged_since = None
    if scan.accept(b"("):
        if scan.word() != "UNCHANGEDSINCE":
            raise BadSyntax("Unknown STORE modifier")
        scan.space()
        unchanged_since = scan.number()
        scan.expect(b")")
        scan.space()
    sign, silent = _item(scan)
    scan.space()
    return Store(tag, messages, _MODES[sign], parse_store_flags(scan), silent, unchanged_since, uid)


def _item(scan: Scanner) -> tuple[bytes, bool]:
    found = _ITEM.match(scan.text, scan.pos)
    if found is None:
        raise BadSyntax("Expected FLAGS, +FLAGS or -FLAGS")
    scan.pos = found.end()
    return found[1], found[2] is not None
