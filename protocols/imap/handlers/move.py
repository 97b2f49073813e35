"""MOVE and UID MOVE (RFC 6851)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from mailstore import mailboxes
from mailstore.errors import NoSuchMailbox, StoreError
from mailstore.messages import CopyResult, move_in_pieces, together
from protocols.imap.answer import Answer, bad, no
from protocols.imap.copyuid import copyuid
from protocols.imap.errors import missing_target, refusal
from protocols.imap.progress import Progress
from protocols.imap.wire.commands.move import Move

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Move) -> Answer:
    """COPYUID goes before the EXPUNGE responses, in an untagged OK (RFC 6851 section 4.3), for what was moved before an
    error too (section 3.3)."""
    view = session.selected
    if view.read_only:
        return no("The mailbox is read-only", b"READ-ONLY")
    stretches = view.indexes(command.messages, uid=command.uid)
    if stretches is None:
        return bad("There is no such message")
    answer = Answer("Moved")
    answer.more = _move(session, command, view.uids_in(stretches), answer)
    return answer


def _move(session: ImapSession, command: Move, uids: Sequence[int], answer: Answer) -> Iterator[bytes]:
    view, progress = session.selected, Progress(session, command.tag, len(uids))
    moved: list[CopyResult] = []
    try:
        target = mailboxes.get_mailbox(session.account_id, command.mailbox)
        for result in move_in_pieces(view.account_id, view.mailbox_id, uids, target.id):
            session.made(target.id, result.target_uids)
            moved.append(result)
            yield progress.advance(len(result.source_uids))
    except NoSuchMailbox:
        answer.become(missing_target())
    except StoreError as error:
        answer.become(refusal(error))
    if moved and (code := copyuid(together(moved))):
        yield session.say("OK", "Moved", code)
