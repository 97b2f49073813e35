"""LIST (RFC 3501 section 6.3.8, RFC 5258, RFC 5819, RFC 6154, RFC 9590)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mailstore import mailboxes, rights
from mailstore.mailboxes import MailboxInfo
from mailstore.metadata import list_metadata
from protocols.imap import listing
from protocols.imap.acl import myrights_line
from protocols.imap.answer import Answer
from protocols.imap.listing import Name
from protocols.imap.mailbox_status import status_line
from protocols.imap.metadata import metadata_line
from protocols.imap.wire.commands.list import List
from protocols.imap.wire.patterns import Pattern

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: List) -> Answer:
    """Each matching name once, and behind it its STATUS and its METADATA where they are asked for."""
    if command.patterns == (b"",) and not command.extended:
        return Answer(untagged=b'* LIST (\\Noselect) "/" ""\r\n')  # the delimiter is asked for
    patterns = listing.patterns(command.reference, command.patterns, utf8=session.utf8)
    wants_subscribed = "SUBSCRIBED" in command.selection | command.returning
    names = listing.all_names(
        mailboxes.list_mailboxes(session.account_id), mailboxes.list_subscriptions(session.account_id)
    )
    if not command.selection and any(pattern.endswith(b"%") for pattern in command.patterns):
        names += listing.levels_above(names)  # RFC 3501 section 6.3.8: with "%" last, levels of the hierarchy too
    chosen = _chosen(names, patterns, command.selection)
    behind = _metadata(session, chosen, command) if command.metadata else {}
    lines = []
    for each in chosen:
        lines.append(listing.list_line(each, subscribed=wants_subscribed, utf8=session.utf8))
        if each.info is not None and _meets(each, command.selection):
            lines += _details(each.info, command, utf8=session.utf8)
        lines.append(behind.get(each.name, b""))
    return Answer(untagged=b"".join(lines))


def _details(info: MailboxInfo, command: List, *, utf8: bool) -> Iterator[bytes]:
    """STATUS of what may be read (RFC 5819), MYRIGHTS (RFC 8440)."""
    if command.status and info.selectable and info.rights & rights.READ:
        yield status_line(info, command.status, utf8=utf8)
    if "MYRIGHTS" in command.returning:
        yield myrights_line(info, utf8=utf8)


def _metadata(session: ImapSession, chosen: list[Name], command: List) -> dict[str, bytes]:
    """The METADATA responses of the names that meet the criteria themselves; what is not there is NIL."""
    met = (each.info for each in chosen if each.info is not None and _meets(each, command.selection))
    boxes = [info for info in met if rights.may_annotate(info.rights)]
    found = list_metadata(session.account_id, boxes, command.metadata)
    behind = {}
    for info in boxes:
        held = {entry: value.octets for entry, value in found[info.id].items()}
        told = {entry: held.get(entry) for entry in command.metadata}
        behind[info.name] = metadata_line(info.name, told, utf8=session.utf8)
    return behind


def _chosen(names: list[Name], patterns: list[Pattern], selection: frozenset[str]) -> list[Name]:
    meeting = [each for each in names if _meets(each, selection)]
    if "RECURSIVEMATCH" in selection:
        meeting = _with_parents(names, meeting, patterns, selection)
    return [each for each in meeting if listing.matches(each.name, patterns)]


def _meets(each: Name, selection: frozenset[str]) -> bool:
    """SUBSCRIBED lists names without a mailbox too (RFC 5258 section 3.1); without it only mailboxes are listed."""
    if "SUBSCRIBED" in selection and not each.subscribed:
        return False
    if "SPECIAL-USE" in selection and not (each.info and each.info.special_use):
        return False
    return "SUBSCRIBED" in selection or each.info is not None or each.is_level


def _with_parents(
    names: list[Name], meeting: list[Name], patterns: list[Pattern], selection: frozenset[str]
) -> list[Name]:
    """RECURSIVEMATCH (RFC 5258 section 3.5): names above one that meets the selection, with CHILDINFO.

    A name that does not meet it is told only for those below that the pattern itself does not give. One that is not
    there has no children that are: every mailbox has its parents.
    """
    by_name = {each.name: each for each in names}
    found = {each.name: each for each in meeting}
    options = selection & {"SUBSCRIBED", "SPECIAL-USE"}
    for each in meeting:
        told = listing.matches(each.name, patterns)
        for above in listing.parents(each.name):
            parent = by_name.get(above) or found.get(above) or Name(above, None, False, False)
            parent.child_info |= options
            if not told:
                found[above] = parent
    return sorted(found.values(), key=lambda each: (each.name != "INBOX", each.name))
