"""ESEARCH (RFC 7377): the same search in several mailboxes, an ESEARCH response for each that has a match."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from mailstore.errors import NoPermission, NoSuchMailbox
from mailstore.mailboxes import MailboxInfo, get_mailbox, list_mailboxes, list_subscriptions
from mailstore.messages import snapshot
from mailstore.search import search
from protocols.imap import answering
from protocols.imap.answer import Answer, bad
from protocols.imap.results import Found, esearch_response
from protocols.imap.searching import to_query
from protocols.imap.view import View
from protocols.imap.wire import response
from protocols.imap.wire.commands.esearch import WITH_NAMES, Esearch, Source

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession

SELECTED = (Source("SELECTED"),)
DELIMITER = "/"


def handle(session: ImapSession, command: Esearch) -> Answer:
    """Each mailbox once, however often it is named; those that are not there are passed over (section 2.2)."""
    options = command.options
    wants_selected = any(source.kind == "SELECTED" for source in command.sources)
    if (wants_selected or options.update) and session.view is None:
        return bad("No mailbox is selected")
    if options.save and set(command.sources) != set(SELECTED):
        return bad("Only a search of the selected mailbox can be saved")
    if options.update and session.selected.contexts and command.tag in session.selected.contexts:
        return bad("Tag reuse")
    answer = Answer("Completed")
    if command.program.uses_modseq:
        answer.untagged = session.want_modseqs()
    answer.more = _responses(session, command, wants_selected)
    return answer


def _responses(session: ImapSession, command: Esearch, wants_selected: bool) -> Iterator[bytes]:
    selected = session.view
    others = {info.id: info for info in _others(session, command.sources)}
    if selected is not None and (wants_selected or selected.mailbox_id in others):
        others.pop(selected.mailbox_id, None)
        yield _in_selected(session, command, selected)
    for info in others.values():
        with suppress(NoSuchMailbox, NoPermission):  # deleted meanwhile, or not for this account to read
            yield _in_another(session, command, info)


def _in_selected(session: ImapSession, command: Esearch, view: View) -> bytes:
    run = partial(answering.run, session, command.tag, command.options, command.program, uid=True, omit_empty=True)
    return run(correlators=_correlators(view, session.utf8)).untagged


def _in_another(session: ImapSession, command: Esearch, info: MailboxInfo) -> bytes:
    view = View(snapshot(session.account_id, info.id, take_recent=False), read_only=True)
    query = to_query(command.program.keys, view)
    uids = search(view.account_id, view.mailbox_id, query)
    scores = partial(answering.scores, view, query) if command.program.uses_fuzzy else None
    found = Found(view, uids, True, command.program.uses_modseq, scores)
    correlators = _correlators(view, session.utf8)
    return esearch_response(command.tag, command.options, found, correlators=correlators) if uids else b""


def _correlators(view: View, utf8: bool) -> bytes:
    return b" MAILBOX %b UIDVALIDITY %d" % (response.mailbox(view.name, utf8=utf8), view.uid_validity)


def _others(session: ImapSession, sources: tuple[Source, ...]) -> list[MailboxInfo]:
    """The selectable mailboxes that the source options name: those that may be looked up, and those that are named."""
    if set(sources) == set(SELECTED):
        return []
    account_id = session.account_id
    subscribed = set(list_subscriptions(account_id)) if any(s.kind == "SUBSCRIBED" for s in sources) else set()
    found = [
        info for info in list_mailboxes(account_id) if any(_includes(source, info, subscribed) for source in sources)
    ]
    for name in dict.fromkeys(name for source in sources if source.kind in WITH_NAMES for name in source.mailboxes):
        with suppress(NoSuchMailbox):
            found.append(get_mailbox(account_id, name))
    found.sort(key=lambda info: (info.name != "INBOX", info.name))
    return [info for info in found if info.selectable]


def _includes(source: Source, info: MailboxInfo, subscribed: set[str]) -> bool:
    match source.kind:
        case "PERSONAL" | "INBOXES":  # RFC 5465 section 6.3: filters may deliver to any
            return not info.reader
        case "SUBSCRIBED":
            return info.name in subscribed
        case "SUBTREE" | "SUBTREE-ONE":
            return any(_below(info.name, name, deep=source.kind == "SUBTREE") for name in source.mailboxes)
    return False  # MAILBOXES: by their names


def _below(name: str, top: str, *, deep: bool) -> bool:
    top = "INBOX" if top.upper() == "INBOX" else top
    rest = name.removeprefix(top + DELIMITER)
    return rest != name and (deep or DELIMITER not in rest)
