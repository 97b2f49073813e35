"""STORE and UID STORE (RFC 3501 section 6.4.6, RFC 7162 section 3.1.3, RFC 5257 section 4.5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mailstore.annotating import store_annotations
from mailstore.errors import TooManyEntries, ValueTooLarge
from mailstore.messages import StoreResult, store_flags
from protocols.imap.answer import Answer, bad, no
from protocols.imap.message_annotations import parts_are_there, to_values
from protocols.imap.view import View
from protocols.imap.wire.commands.store import Store
from protocols.imap.wire.sequences import compact

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def handle(session: ImapSession, command: Store) -> Answer:
    """One transaction for all messages; the new flags of each come back unless .SILENT."""
    view = session.selected
    if view.read_only:
        return no("The mailbox is read-only", b"READ-ONLY")
    stretches = view.indexes(command.messages, uid=command.uid)
    if stretches is None:
        return bad("There is no such message")
    highest = session.want_modseqs() if command.unchanged_since is not None else b""
    uids = view.uids_in(stretches)
    if not uids:
        return Answer("Stored", untagged=highest)
    if not parts_are_there(view, uids, command.annotations):
        return bad("The message has no such part")
    try:
        result = _store(view, command, uids)
    except ValueTooLarge:
        return no("The value is too large", b"ANNOTATE TOOBIG")
    except TooManyEntries:
        return no("There are too many annotations", b"ANNOTATE TOOMANY")
    view.answered(result)
    untagged, with_uid = b"", command.uid or session.condstore
    if not command.silent:
        untagged = b"".join(view.flag_lines(result.changed, modseqs=session.condstore, with_uid=with_uid))
    elif session.condstore:
        untagged = b"".join(view.modseq_lines(result.changed))
    return Answer("Stored", code=_modified(view, result, uid=command.uid), untagged=highest + untagged)


def _store(view: View, command: Store, uids: Sequence[int]) -> StoreResult:
    """Flags or annotations."""
    since = command.unchanged_since
    if command.annotations:
        return store_annotations(view.account_id, view.mailbox_id, uids, to_values(command.annotations), since)
    flags = command.flags
    return store_flags(view.account_id, view.mailbox_id, uids, command.mode, flags.mask, flags.keywords, since)


def _modified(view: View, result: StoreResult, *, uid: bool) -> bytes:
    """[MODIFIED set]: what UNCHANGEDSINCE left alone (RFC 7162 section 3.1.3)."""
    if not result.modified:
        return b""
    numbers = result.modified if uid else [view.index(each) + 1 for each in result.modified]
    return b"MODIFIED " + compact(numbers)
