"""STORE and UID STORE (RFC 3501 section 6.4.6) with UNCHANGEDSINCE (RFC 7162) and ANNOTATION (RFC 5257)."""

import re
from dataclasses import dataclass
from typing import Literal

from protocols.imap.wire.annotations import EntryValues
from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.errors import BadSyntax
from protocols.imap.wire.flag_lists import FlagList, parse_store_flags
from protocols.imap.wire.message_annotations import parse_att_annotate
from protocols.imap.wire.scanner import Scanner
from protocols.imap.wire.sequences import SequenceSet

Mode = Literal["add", "remove", "replace"]
_MODES: dict[bytes, Mode] = {b"+": "add", b"-": "remove", b"": "replace"}
_ITEM = re.compile(rb"([+-]?)FLAGS(\.SILENT)?(?= )", re.IGNORECASE)
_ANNOTATION = re.compile(rb"ANNOTATION(?= )", re.IGNORECASE)
NO_FLAGS = FlagList(0, frozenset())


@dataclass(frozen=True, slots=True)
class Store(Command):
    """`silent`: the client computes the new flags itself. With annotations there are no flags."""

    messages: SequenceSet
    mode: Mode
    flags: FlagList
    silent: bool
    unchanged_since: int | None
    uid: bool
    annotations: tuple[EntryValues, ...] = ()


def parse(tag: bytes, scan: Scanner, uid: bool = False) -> Store:
    """store = "STORE" SP sequence-set [SP "(" "UNCHANGEDSINCE" SP number ")"] SP (store-att-flags / att-annotate)"""
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
    if found := _ANNOTATION.match(scan.text, scan.pos):
        scan.pos = found.end()
        return Store(tag, messages, "add", NO_FLAGS, True, unchanged_since, uid, parse_att_annotate(scan))
    sign, silent = _item(scan)
    scan.space()
    return Store(tag, messages, _MODES[sign], parse_store_flags(scan), silent, unchanged_since, uid)


def _item(scan: Scanner) -> tuple[bytes, bool]:
    found = _ITEM.match(scan.text, scan.pos)
    if found is None:
        raise BadSyntax("Expected FLAGS, +FLAGS or -FLAGS")
    scan.pos = found.end()
    return found[1], found[2] is not None
