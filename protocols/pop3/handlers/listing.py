"""STAT, LIST and UIDL (RFC 1939 sections 5 and 7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from protocols.pop3.answers import MAILDROP, err, say
from protocols.pop3.maildrop import Item
from protocols.pop3.wire.commands import List, Stat, Uidl
from protocols.pop3.wire.replies import listing, ok
from protocols.runtime.session import Reply

if TYPE_CHECKING:
    from protocols.pop3.session import Pop3Session


def stat(session: Pop3Session, command: Stat) -> Reply:
    assert session.maildrop is not None
    messages, size = session.maildrop.totals()
    return Reply(ok(f"{messages} {size}"))


def list_(session: Pop3Session, command: List) -> Reply:
    assert session.maildrop is not None
    messages, size = session.maildrop.totals()
    first = say(MAILDROP, {"messages": messages, "octets": size})
    return _list(session, command.number, first, lambda item: str(item.size))


def uidl(session: Pop3Session, command: Uidl) -> Reply:
    assert session.maildrop is not None
    return _list(session, command.number, say("Unique ids follow"), session.maildrop.unique_id)


def _list(session: Pop3Session, number: int | None, first: str, value: Callable[[Item], str]) -> Reply:
    """One message, or all that are not marked as deleted."""
    assert session.maildrop is not None
    if number is None:
        return Reply(listing(first, (f"{at} {value(item)}" for at, item in session.maildrop.present())))
    item = session.maildrop.find(number)
    return err("No such message") if item is None else Reply(ok(f"{number} {value(item)}"))
