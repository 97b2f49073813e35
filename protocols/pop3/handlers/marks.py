"""DELE, RSET and NOOP (RFC 1939 section 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.pop3.answers import MAILDROP, err, good
from protocols.pop3.wire.commands import Dele, Noop, Rset
from protocols.runtime.session import Reply

if TYPE_CHECKING:
    from protocols.pop3.session import Pop3Session


def dele(session: Pop3Session, command: Dele) -> Reply:
    """Mark only: it is removed at QUIT."""
    assert session.maildrop is not None
    item = session.maildrop.find(command.number)
    if item is None:
        return err("No such message")
    item.deleted = True
    return good("Message %(number)d marked as deleted", number=command.number)


def rset(session: Pop3Session, command: Rset) -> Reply:
    assert session.maildrop is not None
    session.maildrop.undelete()
    messages, size = session.maildrop.totals()
    return good(MAILDROP, messages=messages, octets=size)


def noop(session: Pop3Session, command: Noop) -> Reply:
    return good()
