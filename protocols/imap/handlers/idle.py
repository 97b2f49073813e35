"""IDLE (RFC 2177)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.imap.languages import translate
from protocols.imap.news import news, rest_of_news
from protocols.imap.notifying import watched
from protocols.imap.wire.commands.idle import Idle
from protocols.runtime.session import Reply

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Idle) -> Reply:
    """From here on the change feed wakes the session; what happened before is told at once."""
    session.idle_tag = command.tag
    waiting = b"+ %b\r\n" % translate("idling", session.language).encode()
    told = news(session, expunges=True)
    watch, account = watched(session)
    return Reply(waiting + told, more=rest_of_news(session), watch=watch, watch_account=account)
