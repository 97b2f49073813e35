"""The way of SEARCH, SORT and ESEARCH in the selected mailbox, from the keys to the responses."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from mailstore.query import Query
from mailstore.search import score, search
from mailstore.sorting import Criterion, sort
from protocols.imap.answer import Answer, bad
from protocols.imap.contexts import Context
from protocols.imap.results import Found, covered, esearch_response, known_to, plain_response
from protocols.imap.searching import to_query
from protocols.imap.view import View
from protocols.imap.wire.response import string
from protocols.imap.wire.search_program import Program
from protocols.imap.wire.search_return import ReturnOptions

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def run(
    session: ImapSession,
    tag: bytes,
    options: ReturnOptions | None,
    program: Program,
    *,
    uid: bool,
    criteria: Sequence[Criterion] = (),
    correlators: bytes = b"",
    omit_empty: bool = False,
) -> Answer:
    """Search, sort by the criteria if there are any, and answer what the options ask for.

    correlators, omit_empty: of a multimailbox search (RFC 7377 section 2.1).
    """
    view = session.selected
    if options is not None and options.update and tag in view.contexts:
        return bad("Tag reuse")  # RFC 5267 section 4.3
    highest = session.want_modseqs() if program.uses_modseq else b""
    query = to_query(program.keys, view)
    if options is not None and options.save:
        view.saved = ()  # and so it stays if the search fails
    find = partial(_find, view.account_id, view.mailbox_id, query, criteria)
    uids = known_to(view, find())
    scoring = partial(scores, view, query) if program.uses_fuzzy else None
    found = Found(view, uids, uid, program.uses_modseq, scoring)
    if options is None:
        word = b"SORT" if criteria else b"SEARCH"
        return Answer("Sorted" if criteria else "Searched", untagged=highest + plain_response(word, found))
    if options.save:
        view.saved = sorted(covered(options, uids))
    untagged = b"" if omit_empty and not uids else esearch_response(tag, options, found, correlators=correlators)
    context = Context(tag, find, uid, bool(criteria), list(uids), correlators)
    if options.update and not view.contexts.open(context):
        untagged += session.say("NO", "Too many contexts", b"NOUPDATE " + string(tag))
    return Answer("Sorted" if criteria else "Searched", untagged=highest + untagged)


def _find(account_id: int, mailbox_id: int, query: Query, criteria: Sequence[Criterion]) -> list[int]:
    uids = search(account_id, mailbox_id, query)
    if not criteria or not uids:
        return uids
    scores = None
    if any(criterion.key == "RELEVANCY" for criterion in criteria):
        scores = score(account_id, mailbox_id, query, uids)
    return sort(mailbox_id, uids, criteria, scores)


def scores(view: View, query: Query, uids: Sequence[int]) -> list[int]:
    """In the order of the UIDs; a message that went meanwhile is the least relevant."""
    known = score(view.account_id, view.mailbox_id, query, sorted(uids))
    return [known.get(uid, 1) for uid in uids]
