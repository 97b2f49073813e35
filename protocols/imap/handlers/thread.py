"""THREAD and UID THREAD (RFC 5256)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore.search import search
from mailstore.sorting import thread
from protocols.imap.answer import Answer
from protocols.imap.results import known_to
from protocols.imap.searching import to_query
from protocols.imap.wire.commands.thread import Thread
from protocols.imap.wire.thread_lists import thread_lists

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Thread) -> Answer:
    """The threads of what the search found."""
    view = session.selected
    highest = session.want_modseqs() if command.program.uses_modseq else b""
    query = to_query(command.program.keys, view)
    uids = known_to(view, search(view.account_id, view.mailbox_id, query))
    number_of = None if command.uid else dict(zip(uids, view.numbered(uids), strict=True))
    lists = thread_lists(thread(view.mailbox_id, uids, command.algorithm, number_of))
    return Answer("Threaded", untagged=highest + f"* THREAD{' ' if lists else ''}{lists}\r\n".encode())
