"""GETANNOTATION (draft-daboo-imap-annotatemore-07): the entries of METADATA in the words of the draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from mailstore.mailboxes import MailboxInfo, list_mailboxes
from mailstore.metadata import Value, get_metadata, list_metadata
from protocols.imap import listing
from protocols.imap.annotatemore import annotation_line, entry_of, names_of
from protocols.imap.answer import Answer
from protocols.imap.metadata import find_place
from protocols.imap.wire.annotations import is_pattern
from protocols.imap.wire.commands.getannotation import GetAnnotation
from protocols.imap.wire.patterns import Pattern
from protocols.imap.wire.scanner import mailbox_name

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession

_Values = Mapping[str, Value | None]


def handle(session: ImapSession, command: GetAnnotation) -> Answer:
    """An entry that was named and is not there is NIL; one that a wildcard could have found is left out."""
    several = is_pattern(command.mailbox.decode("latin-1"))
    lines = []
    for name, values in _found(session, command, several):
        for entry in _chosen(command.entries, values):
            there = any(values.get(each) for each in names_of(entry))
            if there or not (several or entry not in command.entries):
                lines.append(annotation_line(name, entry, command.attributes, values, utf8=session.utf8))
    return Answer(untagged=b"".join(lines))


def _found(session: ImapSession, command: GetAnnotation, several: bool) -> list[tuple[str, _Values]]:
    """Each place that is meant with the values of its entries."""
    exact = None if any(map(is_pattern, command.entries)) else [n for entry in command.entries for n in names_of(entry)]
    if several:
        patterns = listing.patterns(b"", [command.mailbox], utf8=session.utf8)
        boxes = [box for box in list_mailboxes(session.account_id) if listing.matches(box.name, patterns)]
    else:
        place = find_place(session, mailbox_name(command.mailbox, utf8=session.utf8))
        if place is None:
            depth = 0 if exact else None
            return [("", get_metadata(session.account_id, None, exact or ("/private", "/shared"), depth))]
        boxes = [place]
    return _of_boxes(session, boxes, exact)


def _of_boxes(session: ImapSession, boxes: list[MailboxInfo], exact: list[str] | None) -> list[tuple[str, _Values]]:
    found = list_metadata(session.account_id, boxes, exact)
    return [(box.name, found[box.id]) for box in boxes]


def _chosen(wanted: tuple[str, ...], values: _Values) -> list[str]:
    """The entries that are meant, those that wildcards find among those that there are."""
    there = sorted({entry_of(name) for name in values})
    chosen: list[str] = []
    for each in wanted:
        if is_pattern(each):
            pattern = Pattern(each.lower())
            chosen += [entry for entry in there if pattern.matches(entry)]
        else:
            chosen.append(each)
    return list(dict.fromkeys(chosen))
