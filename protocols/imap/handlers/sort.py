"""SORT and UID SORT (RFC 5256, RFC 5267 section 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore.search import search
from mailstore.sorting import Criterion, sort
from protocols.imap.answer import Answer
from protocols.imap.results import Found, covered, esearch_response, known_to, plain_response
from protocols.imap.searching import to_query
from protocols.imap.wire.commands.sort import Sort

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Sort) -> Answer:
    """As SEARCH, in the order of the criteria."""
    view, options = session.selected, command.options
    highest = session.want_modseqs() if command.program.uses_modseq else b""
    query = to_query(command.program.keys, view)
    if options is not None and options.save:
        view.saved = ()  # and so it stays if the search fails
    uids = known_to(view, search(view.account_id, view.mailbox_id, query))
    uids = sort(view.mailbox_id, uids, [Criterion(key, reverse) for key, reverse in command.criteria])
    found = Found(view, uids, command.uid, command.program.uses_modseq)
    if options is None:
        return Answer("Sorted", untagged=highest + plain_response(b"SORT", found))
    if options.save:
        view.saved = sorted(covered(options, uids))
    return Answer("Sorted", untagged=highest + esearch_response(command.tag, options, found))
