"""SEARCH and UID SEARCH (RFC 3501 section 6.4.4, RFC 4731, RFC 5182, RFC 7162 section 3.1.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore.search import search
from protocols.imap.answer import Answer
from protocols.imap.results import Found, covered, esearch_response, known_to, plain_response
from protocols.imap.searching import to_query
from protocols.imap.wire.commands.search import Search

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Search) -> Answer:
    """In mailbox order; an ESEARCH response where there are return options."""
    view, options = session.selected, command.options
    highest = session.want_modseqs() if command.program.uses_modseq else b""
    query = to_query(command.program.keys, view)
    if options is not None and options.save:
        view.saved = ()  # and so it stays if the search fails
    uids = known_to(view, search(view.account_id, view.mailbox_id, query))
    found = Found(view, uids, command.uid, command.program.uses_modseq)
    if options is None:
        return Answer("Searched", untagged=highest + plain_response(b"SEARCH", found))
    if options.save:
        view.saved = covered(options, uids)
    return Answer("Searched", untagged=highest + esearch_response(command.tag, options, found))
