r"""XLIST: what LIST says, with Google's names for the special uses.

RFC 6154 made \All, \Flagged and \Junk of what Google had called \AllMail, \Starred and \Spam, and left \Inbox out.
Clients that know XLIST only (Outlook 2013, Apple Mail of its time) look for these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore import mailboxes
from protocols.imap import listing
from protocols.imap.answer import Answer
from protocols.imap.wire.commands.xlist import Xlist
from protocols.imap.wire.response import mailbox

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession

_NAMES = {"\\Junk": b"\\Spam"}  # the others are called the same


def handle(session: ImapSession, command: Xlist) -> Answer:
    """Each mailbox that the pattern gives, INBOX first."""
    if not command.pattern:
        return Answer(untagged=b'* XLIST (\\Noselect) "/" ""\r\n')  # the delimiter is asked for
    patterns = listing.patterns(command.reference, [command.pattern], utf8=session.utf8)
    found = [box for box in mailboxes.list_mailboxes(session.account_id) if listing.matches(box.name, patterns)]
    return Answer(untagged=b"".join(_line(box, utf8=session.utf8) for box in found))


def _line(box: mailboxes.MailboxInfo, *, utf8: bool) -> bytes:
    attributes = [] if box.selectable else [b"\\Noselect"]
    attributes.append(b"\\HasChildren" if box.has_children else b"\\HasNoChildren")
    if box.name == mailboxes.INBOX:
        attributes.append(b"\\Inbox")
    elif box.special_use:
        attributes.append(_NAMES.get(box.special_use) or box.special_use.encode())
    return b'* XLIST (%b) "/" %b\r\n' % (b" ".join(attributes), mailbox(box.name, utf8=utf8))
