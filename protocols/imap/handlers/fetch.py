"""FETCH and UID FETCH (RFC 3501 section 6.4.5, RFC 7162 sections 3.1.4 and 3.2.6, RFC 9394 section 3.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.imap.answer import Answer, bad
from protocols.imap.fetching import Fetching
from protocols.imap.resync import vanished_earlier
from protocols.imap.wire.commands.fetch import Fetch

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Fetch) -> Answer:
    """The responses leave in batches while the next ones are read."""
    view = session.selected
    if command.vanished and not session.qresync:
        return bad("ENABLE QRESYNC comes first")
    stretches = view.indexes(command.messages, uid=command.uid)
    if stretches is None:
        return bad("There is no such message")
    answer = Answer("Fetched")
    if command.changed_since is not None or "MODSEQ" in command.items:
        answer.untagged = session.want_modseqs()
    if command.vanished and command.changed_since is not None:
        answer.untagged += vanished_earlier(view, command.messages, command.changed_since)
    fetching = Fetching(view, command, condstore=session.condstore)
    uids = view.uids_in(stretches)
    if command.partial is not None:
        uids = uids[command.partial.slice(len(uids))]
    answer.more = fetching.run(uids, answer)
    return answer
