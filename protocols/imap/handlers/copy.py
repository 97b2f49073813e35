"""COPY and UID COPY (RFC 3501 section 6.4.7) with COPYUID (RFC 4315 section 3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from mailstore import mailboxes
from mailstore.errors import NoSuchMailbox
from mailstore.messages import copy_messages_soon
from protocols.imap.answer import Answer, bad
from protocols.imap.copyuid import copyuid
from protocols.imap.errors import missing_target
from protocols.imap.progress import Progress
from protocols.imap.wire.commands.copy import Copy

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Copy) -> Answer:
    """All or nothing: the store copies in one transaction."""
    view = session.selected
    stretches = view.indexes(command.messages, uid=command.uid)
    if stretches is None:
        return bad("There is no such message")
    answer = Answer("Copied")
    answer.more = _copy(session, command, view.uids_in(stretches), answer)
    return answer


def _copy(session: ImapSession, command: Copy, uids: Sequence[int], answer: Answer) -> Iterator[bytes]:
    view, progress = session.selected, Progress(session, command.tag)
    try:
        target = mailboxes.get_mailbox(session.account_id, command.mailbox)
        result = yield from progress.wait(copy_messages_soon(view.account_id, view.mailbox_id, uids, target.id))
    except NoSuchMailbox:
        answer.become(missing_target())
    else:
        session.made(target.id, result.target_uids)
        answer.code = copyuid(result)
