"""LSUB (RFC 3501 section 6.3.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore import mailboxes
from protocols.imap import listing
from protocols.imap.answer import Answer
from protocols.imap.wire.commands.lsub import Lsub
from protocols.imap.wire.patterns import Pattern
from protocols.imap.wire.response import mailbox

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Lsub) -> Answer:
    """Subscribed names, whether a mailbox is there or not."""
    patterns = listing.patterns(command.reference, [command.pattern], utf8=session.utf8)
    names = listing.all_names(
        mailboxes.list_mailboxes(session.account_id), mailboxes.list_subscriptions(session.account_id)
    )
    lines = {
        each.name: _line(each, utf8=session.utf8)
        for each in names
        if each.subscribed and listing.matches(each.name, patterns)
    }
    if b"%" in command.pattern:
        for name in _above(names, patterns):
            lines.setdefault(name, b'* LSUB (\\Noselect) "/" %b\r\n' % mailbox(name, utf8=session.utf8))
    return Answer(untagged=b"".join(lines.values()))


def _line(each: listing.Name, *, utf8: bool) -> bytes:
    """A name without a mailbox is \\Noselect here: \\NonExistent is LIST-EXTENDED's."""
    attributes = b"" if each.info is not None and each.info.selectable else b"\\Noselect"
    return b'* LSUB (%b) "/" %b\r\n' % (attributes, mailbox(each.name, utf8=utf8))


def _above(names: list[listing.Name], patterns: list[Pattern]) -> list[str]:
    """Section 6.3.9: with "%", foo is told for a subscribed foo/bar, although foo itself is not subscribed."""
    return [
        above
        for each in names
        if each.subscribed and not listing.matches(each.name, patterns)
        for above in listing.parents(each.name)
        if listing.matches(above, patterns)
    ]
