"""What others (and this session) did to the selected mailbox since the last time, told with the next answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore.errors import HistoryForgotten, NoSuchMailbox
from mailstore.messages import Changes, changes_since, claim_recent_soon
from mailstore.vanished import changes_against
from protocols.imap.answer import Answer
from protocols.imap.selecting import look_again
from protocols.imap.view import View
from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.commands.esearch import Esearch
from protocols.imap.wire.commands.fetch import Fetch
from protocols.imap.wire.commands.search import Search
from protocols.imap.wire.commands.sort import Sort
from protocols.imap.wire.commands.store import Store
from protocols.imap.wire.commands.thread import Thread

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def news(session: ImapSession, *, expunges: bool, with_uid: bool = False) -> bytes:
    """Untagged responses; b"" where there is nothing, or no mailbox is selected any more."""
    view = session.view
    if view is None:
        return b""
    try:
        again = look_again(session) if session.idle_tag else b""  # commands have looked before they began
        changes = _changes(view)
    except NoSuchMailbox:
        session.orphan()
        return b""
    if changes.uid_next > view.uid_next and not view.read_only and not view.reader:
        claim_recent_soon(view.mailbox_id, changes.uid_next)
    told: list[bytes] = []
    if view.contexts:
        told += view.contexts.removals(view, changes.modseq, max(view.uid_next, changes.uid_next))
    told += view.take(
        changes,
        expunges=expunges,
        modseqs=session.condstore,
        with_uid=with_uid or session.condstore or session.rev2,  # RFC 7162 section 3.2.4, RFC 9051 section 7.5.2
        vanished=session.qresync,
    )
    told += view.contexts.additions(view)
    return again + b"".join(told)


def news_behind(session: ImapSession, command: Command, answer: Answer) -> bytes:
    """The news that belong behind a command; HIGHESTMODSEQ with them, in the tagged response where it has no code.

    It is said when expunges were told, which have no MODSEQ of their own (RFC 7162 sections 3.2.7 and 3.2.9), and when
    they have to wait while later changes were told (section 3.2): a client that loses the connection then asks again
    from before them.
    """
    by_uid = isinstance(command, Fetch | Store | Search | Sort | Thread) and command.uid
    told = news(session, expunges=may_expunge(command), with_uid=by_uid)
    view = session.view
    if view is None or not session.condstore or not (view.shrank or view.expunged):
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


def _changes(view: View) -> Changes:
    """Since the view's MODSEQ, by the tombstones or, where they are forgotten, by what is still there."""
    try:
        return changes_since(view.mailbox_id, view.modseq, view.reader)
    except HistoryForgotten:
        return changes_against(view.mailbox_id, view.modseq, view.uids, view.reader)
