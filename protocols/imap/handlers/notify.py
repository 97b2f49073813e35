"""NOTIFY (RFC 5465 section 3.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.imap.answer import Answer
from protocols.imap.notifying import Notifications, TooMany, overflow
from protocols.imap.wire.commands.notify import Notify

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Notify) -> Answer:
    """What was asked for before is replaced; a refusal leaves it."""
    try:
        notifications = Notifications(session.account_id, command.groups or ())
    except TooMany:
        return overflow()
    session.notifications = notifications
    if command.groups is None:
        return Answer("Nothing is notified")
    statuses = notifications.statuses(session.view, utf8=session.utf8) if command.status else b""
    return Answer("Notified", untagged=statuses)
