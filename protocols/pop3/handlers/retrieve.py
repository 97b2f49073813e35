"""RETR and TOP (RFC 1939 sections 5 and 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailformat.downgrade import downgrade
from protocols.pop3.answers import err, say
from protocols.pop3.wire import replies
from protocols.pop3.wire.commands import Retr, Top
from protocols.runtime.session import Reply

if TYPE_CHECKING:
    from protocols.pop3.session import Pop3Session


def retr(session: Pop3Session, command: Retr) -> Reply:
    r"""The message, in pieces; it becomes \Seen at QUIT."""
    assert session.maildrop is not None
    item = session.maildrop.find(command.number)
    if item is None:
        return err("No such message")
    message = _surrogate(session, session.maildrop.read(item))
    item.retrieved = True
    first = replies.ok(say("%(octets)d octets", {"octets": len(message)}))
    return Reply(first, more=replies.stuffed(message))


def top(session: Pop3Session, command: Top) -> Reply:
    """The header and some lines; a number beyond the end means all of them (fetchmail asks for 99999999)."""
    assert session.maildrop is not None
    item = session.maildrop.find(command.number)
    if item is None:
        return err("No such message")
    message = _surrogate(session, session.maildrop.read(item))
    first = replies.ok(say("Top of message follows"))
    return Reply(first, more=replies.stuffed(replies.top(message, command.lines)))


def _surrogate(session: Pop3Session, message: bytes) -> bytes:
    """The message as this client can read it: who did not say UTF8 gets ASCII headers (RFC 6856 section 2.1)."""
    return message if session.utf8 else downgrade(message)
