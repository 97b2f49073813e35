"""SORT and UID SORT (RFC 5256, RFC 5267 section 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore.annotations import Key, annotation_texts
from mailstore.sorting import Criterion
from protocols.imap import answering
from protocols.imap.answer import Answer
from protocols.imap.view import View
from protocols.imap.wire.commands.sort import AnnotationKey, Sort, SortKey

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Sort) -> Answer:
    """As SEARCH, in the order of the criteria."""
    criteria = [_criterion(session.selected, key, reverse) for key, reverse in command.criteria]
    return answering.run(session, command.tag, command.options, command.program, uid=command.uid, criteria=criteria)


def _criterion(view: View, key: SortKey, reverse: bool) -> Criterion:
    """By an annotation: its text without regard to case; where there is none, as if it were empty."""
    if not isinstance(key, AnnotationKey):
        return Criterion(key, reverse)
    texts = annotation_texts(view.account_id, view.mailbox_id, Key(key.entry, key.shared))
    return Criterion("ANNOTATION", reverse, texts)
