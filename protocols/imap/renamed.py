"""LIST responses that tell which name a mailbox has now (RFC 9051 section 6.3.9.7): the OLDNAME extended data item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore.mailboxes import MailboxInfo
from protocols.imap.listing import Name, list_line

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def named(session: ImapSession, info: MailboxInfo, supplied: str) -> bytes:
    """Where the client wrote the name otherwise than the store has it: which mailbox it has got."""
    return renamed(session, info, supplied) if session.rev2 and info.name != supplied else b""


def renamed(session: ImapSession, info: MailboxInfo, old: str) -> bytes:
    """`* LIST () "/" "new" ("OLDNAME" ("old"))`, to who speaks IMAP4rev2."""
    return list_line(_name(info), subscribed=False, utf8=session.utf8, old=old) if session.rev2 else b""


def deleted(session: ImapSession, name: str, supplied: str) -> bytes:
    """Which name went, where the client wrote it otherwise."""
    if not session.rev2 or name == supplied:
        return b""
    return list_line(Name(name, None, False, False), subscribed=False, utf8=session.utf8, old=supplied)


def selected(session: ImapSession, info: MailboxInfo, supplied: str) -> bytes:
    """What every SELECT and EXAMINE of IMAP4rev2 tells (section 6.3.2)."""
    old = supplied if info.name != supplied else ""
    return list_line(_name(info), subscribed=False, utf8=session.utf8, old=old)


def _name(info: MailboxInfo) -> Name:
    return Name(info.name, info, info.subscribed, info.has_children)
