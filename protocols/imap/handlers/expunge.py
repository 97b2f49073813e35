"""EXPUNGE and UID EXPUNGE (RFC 3501 section 6.4.3, RFC 4315 section 2.1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from mailstore.messages import expunge_in_pieces
from protocols.imap.answer import Answer, no
from protocols.imap.progress import Progress
from protocols.imap.wire.commands.expunge import Expunge

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Expunge) -> Answer:
    """The EXPUNGE responses come with the news of the mailbox, for what went before an error too."""
    view = session.selected
    if view.read_only:
        return no("The mailbox is read-only", b"READ-ONLY")
    uids = None
    if command.uids is not None:
        uids = view.uids_in(view.indexes(command.uids, uid=True) or ())
    return Answer("Expunged", more=_expunge(session, command.tag, uids))


def _expunge(session: ImapSession, tag: bytes, uids: Sequence[int] | None) -> Iterator[bytes]:
    view, progress = session.selected, Progress(session, tag)
    if uids is None or uids:
        for gone in expunge_in_pieces(view.account_id, view.mailbox_id, uids):
            yield progress.advance(len(gone))
