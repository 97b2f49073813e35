"""What others (and this session) did to the selected mailbox since the last time, told with the next answer."""

from __future__ import annotations

import logging
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from mailstore.errors import HistoryForgotten, NoSuchMailbox
from mailstore.messages import Changes, changes_since, claim_recent_soon
from mailstore.vanished import changes_against
from protocols.imap.answer import Answer
from protocols.imap.fetching import Fetching
from protocols.imap.message_annotations import annotation_lines
from protocols.imap.notifying import Notifications, TooMany
from protocols.imap.selecting import look_again
from protocols.imap.view import View
from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.commands.esearch import Esearch
from protocols.imap.wire.commands.expunge import Expunge
from protocols.imap.wire.commands.fetch import Fetch
from protocols.imap.wire.commands.move import Move
from protocols.imap.wire.commands.notify import FLAGS, Notify
from protocols.imap.wire.commands.replace import Replace
from protocols.imap.wire.commands.search import Search
from protocols.imap.wire.commands.sort import Sort
from protocols.imap.wire.commands.store import Store
from protocols.imap.wire.commands.thread import Thread
from protocols.imap.wire.sequences import SequenceSet

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


log = logging.getLogger(__name__)

# Octets of FETCH responses of new messages (RFC 5465 section 5.2) that are joined with other news. What another session
# copies here may be thousands of messages: the rest is made batch by batch, as the client reads.
FETCHED_AT_ONCE = 256 * 1024


def news(session: ImapSession, *, expunges: bool, with_uid: bool = False, whole: bool = False) -> bytes:
    """Untagged responses; b"" where there is nothing, or no mailbox is selected any more.

    NOTIFY may have narrowed what is told (RFC 5465 section 3.1); whole: then too all is told.
    """
    view, wanted = session.view, session.notifications
    if view is None:
        return b""
    view.shrank = False
    if wanted is not None and not wanted.selected and not whole:
        return b""
    flags = wanted is None or whole or FLAGS in wanted.selected
    try:
        again = look_again(session) if session.idle_tag or wanted else b""  # commands have looked before they began
        changes = _changes(view, view.hidden if flags and view.hidden else view.modseq)
    except NoSuchMailbox:
        session.orphan()
        return b""
    before = view.uid_next
    if changes.uid_next > before and not view.read_only and not view.reader:
        claim_recent_soon(view.mailbox_id, changes.uid_next)
    since, own = view.modseq, view.own_modseqs
    with_uid = with_uid or session.condstore or session.rev2  # RFC 7162 section 3.2.4, RFC 9051 section 7.5.2
    told: list[bytes] = []
    if view.contexts:
        told += view.contexts.removals(view, changes.modseq, max(view.uid_next, changes.uid_next))
    told += view.take(
        changes,
        expunges=expunges,
        modseqs=session.condstore,
        with_uid=with_uid,
        vanished=session.qresync or session.uid_only,  # RFC 9586 section 3
        flags=flags,
    )
    if view.annotates and changes.changed:
        told += annotation_lines(view, since, own, with_uid=with_uid)
    told += view.contexts.additions(view)
    data = again + b"".join(told)
    if wanted is not None and wanted.items and view.uid_next > before:
        data += _fetch_new(session, view, wanted, before)
    return data


def news_between(session: ImapSession) -> bytes:
    """Between commands: while IDLE lasts, or as NOTIFY wants it (RFC 5465 sections 4 and 6.1)."""
    wanted = session.notifications
    told = news(session, expunges=bool(session.idle_tag) or (wanted is not None and wanted.immediate))
    return told + news_of_others(session)


def news_of_others(session: ImapSession, *, except_for: Iterable[str] = ()) -> bytes:
    """What NOTIFY tells of mailboxes that are not selected; with too many of them it ends (RFC 5465 section 5.8)."""
    wanted = session.notifications
    if wanted is None:
        return b""
    try:
        return wanted.look(session.view, condstore=session.condstore, utf8=session.utf8, except_for=except_for)
    except TooMany:
        session.notifications = Notifications(session.account_id, ())
        return session.say("OK", "There are too many mailboxes to watch", b"NOTIFICATIONOVERFLOW")


def _fetch_new(session: ImapSession, view: View, wanted: Notifications, first: int) -> bytes:
    """FETCH of messages that others brought (RFC 5465 section 5.2)."""
    new = array("Q", (uid for uid in view.uids[bisect_left(view.uids, first) :] if uid not in wanted.own))
    wanted.own.clear()
    uid = () if view.uid_only else ("UID",)
    items = (*wanted.items, *uid, "MODSEQ") if session.condstore else wanted.items
    fetch = Fetch(b"", SequenceSet(()), tuple(dict.fromkeys(items)), None, False)
    batches = Fetching(view, fetch, condstore=session.condstore).run(new, Answer())
    told: list[bytes] = []
    size = 0
    for batch in batches:
        told.append(batch)
        size += len(batch)
        if size >= FETCHED_AT_ONCE:
            wanted.rest = batches
            break
    return b"".join(told)


def rest_of_news(session: ImapSession) -> Iterator[bytes] | None:
    """The FETCH responses that did not fit into news(): the end of the reply, behind the tagged response too, where
    only NOTIFY allows them. None: there are none.
    """
    wanted = session.notifications
    if wanted is None or wanted.rest is None:
        return None
    rest, wanted.rest = wanted.rest, None
    return _unanswered(rest)


def _unanswered(batches: Iterator[bytes]) -> Iterator[bytes]:
    """A failure is not answered: nothing was asked, or it is answered already; EXISTS has told of the messages."""
    try:
        yield from batches
    except Exception:
        log.exception("new messages could not be fetched")


def news_behind(session: ImapSession, command: Command, answer: Answer) -> bytes:
    """The news that belong behind a command; HIGHESTMODSEQ with them, in the tagged response where it has no code.

    It is said when expunges were told, which have no MODSEQ of their own (RFC 7162 sections 3.2.7 and 3.2.9), and when
    something is not told while later changes are (section 3.2): a client that loses the connection then asks again
    from before them.
    """
    by_uid = isinstance(command, Fetch | Store | Search | Sort | Thread) and command.uid
    # NOTIFY tells what has piled up (RFC 5465 section 3.1); EXPUNGE and the like must tell what they did themselves.
    whole = isinstance(command, Expunge | Move | Replace) or (
        isinstance(command, Notify) and command.groups is not None
    )
    told = news(session, expunges=may_expunge(command), with_uid=by_uid, whole=whole)
    view = session.view
    if view is None or not session.condstore or not (view.shrank or view.told_modseq < view.modseq):
        return told
    highest = b"HIGHESTMODSEQ %d" % view.told_modseq
    if answer.status == "OK" and not answer.code:
        answer.code = highest
        return told
    return told + session.say("OK", "Highest", highest)


def may_expunge(command: Command) -> bool:
    """Not while a FETCH, STORE or SEARCH by sequence number is answered (RFC 3501 section 7.4.1), nor a UID SEARCH with
    sequence numbers among its keys (RFC 7162 section 3.2.10.2)."""
    if isinstance(command, Search | Sort | Thread):
        return command.uid and not command.program.uses_numbers
    if isinstance(command, Esearch):
        return not command.program.uses_numbers
    return not isinstance(command, Fetch | Store) or command.uid


def _changes(view: View, modseq: int) -> Changes:
    """Since the MODSEQ, by the tombstones or, where they are forgotten, by what is still there."""
    try:
        return changes_since(view.mailbox_id, modseq, view.reader)
    except HistoryForgotten:
        return changes_against(view.mailbox_id, modseq, view.uids, view.reader)
