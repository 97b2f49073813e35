"""RETR and TOP (RFC 1939 sections 5 and 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.pop3.answers import err
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
    message = session.maildrop.read(item)
    item.retrieved = True
    return Reply(replies.ok(f"{item.size} octets"), more=replies.stuffed(message))


def top(session: Pop3Session, command: Top) -> Reply:
    """The header and some lines; a number beyond the end means all of them (fetchmail asks for 99999999)."""
    assert session.maildrop is not None
    item = session.maildrop.find(command.number)
    if item is None:
        return err("No such message")
    message = session.maildrop.read(item)
    return Reply(replies.ok("Top of message follows"), more=replies.stuffed(replies.top(message, command.lines)))
