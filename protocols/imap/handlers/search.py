"""SEARCH and UID SEARCH (RFC 3501 section 6.4.4, RFC 7162 section 3.1.5)."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from mailstore.reading import fetch_rows
from mailstore.search import search
from protocols.imap.answer import Answer, bad
from protocols.imap.searching import NoSuchNumber, to_query
from protocols.imap.view import View
from protocols.imap.wire.commands.search import Search

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Search) -> Answer:
    """Only what this session has been told of: numbers of others mean nothing to it."""
    view = session.selected
    highest = session.want_modseqs() if command.uses_modseq else b""
    try:
        query = to_query(command.keys, view)
    except NoSuchNumber:
        return bad("There is no such message")
    found = search(view.account_id, view.mailbox_id, query)
    del found[bisect_left(found, view.uid_next) :]  # came after the last news
    numbers = found if command.uid else view.numbered(found)
    line = b"* SEARCH%b" % "".join(f" {number}" for number in numbers).encode()
    if command.uses_modseq and found:
        line += b" (MODSEQ %d)" % _highest(view, found)
    return Answer("Searched", untagged=highest + line + b"\r\n")


def _highest(view: View, found: list[int]) -> int:
    """The highest MODSEQ of what was found."""
    batches = fetch_rows(view.mailbox_id, found, ("uid", "modseq"))
    return max((row[1] for rows in batches for row in rows), default=view.modseq)
