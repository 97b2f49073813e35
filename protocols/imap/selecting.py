"""What SELECT and EXAMINE share (RFC 3501 section 6.3.1, RFC 7162 section 3.2.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore import mailboxes, rights
from mailstore.annotations import MAX_VALUE
from mailstore.errors import NoSuchMailbox, NotSelectable
from mailstore.glance import find_snapshot
from mailstore.messages import Snapshot, snapshot
from protocols.imap import renamed
from protocols.imap.answer import Answer, bad
from protocols.imap.object_ids import mailbox_id
from protocols.imap.resync import missed
from protocols.imap.view import View
from protocols.imap.wire.commands.base import Command
from protocols.imap.wire.commands.examine import Examine
from protocols.imap.wire.commands.logout import Logout
from protocols.imap.wire.commands.select import Select
from protocols.imap.wire.commands.unselect import Unselect
from protocols.imap.wire.flag_lists import flags_line, system_flags
from security.staying import is_known_to_stay

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession

# Between what concerns the mailbox that was selected and what concerns the new one (RFC 7162 section 3.2.11).
CLOSED = b"CLOSED"
LEAVING = (Select, Examine, Unselect, Logout)
_ANNOTATIONS = b"ANNOTATIONS %d" % MAX_VALUE


def is_small(session: ImapSession, command: Select | Examine) -> bool:
    """Whether the mailbox can be selected on the event loop; what it looked like is kept for open_mailbox()."""
    session.glanced = None
    if session.account is not None and command.qresync is None and is_known_to_stay(session.account, session.door):
        take_recent = isinstance(command, Select)
        session.glanced = find_snapshot(session.account_id, command.mailbox, take_recent=take_recent)
    return session.glanced is not None


def open_mailbox(session: ImapSession, command: Select | Examine, *, read_only: bool) -> Answer:
    """Select; a failed attempt leaves nothing selected (RFC 3501 section 6.3.1)."""
    if command.qresync is not None and not session.qresync:
        return bad("ENABLE QRESYNC comes first")
    closed = session.view is not None
    session.select(None)
    shot, session.glanced = session.glanced, None
    if shot is None:
        info = mailboxes.get_mailbox(session.account_id, command.mailbox)
        if not info.selectable:
            raise NotSelectable(command.mailbox)
        shot = snapshot(session.account_id, info.id, take_recent=not read_only)
    view = View(shot, read_only=read_only, tells_recent=not session.rev2)
    view.annotates = command.annotate
    if command.condstore:
        session.enabled.add("CONDSTORE")
    session.select(view)
    untagged = session.say("OK", "The mailbox before is closed", CLOSED) if closed else b""
    if session.rev2:
        untagged += renamed.selected(session, shot.info, command.mailbox)
    untagged += _state_of(session, view, shot)
    changing = not read_only and view.rights & rights.CHANGING  # RFC 4314 section 5.2
    answer = Answer("Selected", code=b"READ-WRITE" if changing else b"READ-ONLY", untagged=untagged)
    if command.qresync is not None:
        answer.more = missed(view, command.qresync, answer)
    return answer


def _state_of(session: ImapSession, view: View, shot: Snapshot) -> bytes:
    """What every SELECT and EXAMINE says (section 6.3.1)."""
    untagged = [
        flags_line(view.keywords),
        session.say("OK", "Kept for ever", _permanent_flags(view)),
        b"* %d EXISTS\r\n" % len(view),
        b"* %d RECENT\r\n" % view.recent if view.tells_recent else b"",
    ]
    if shot.first_unseen_uid and not session.rev2 and not view.uid_only:  # RFC 9051 appendix E, 11
        untagged.append(session.say("OK", "First unseen", b"UNSEEN %d" % (view.index(shot.first_unseen_uid) + 1)))
    untagged.append(session.say("OK", "UIDs valid", b"UIDVALIDITY %d" % view.uid_validity))
    untagged.append(session.say("OK", "Predicted next UID", b"UIDNEXT %d" % view.uid_next))
    untagged.append(session.say("OK", "Highest", b"HIGHESTMODSEQ %d" % view.modseq))
    untagged.append(session.say("OK", "The mailbox for ever", b"MAILBOXID (%b)" % mailbox_id(view.mailbox_id)))
    # RFC 5257 section 4.1
    untagged.append(session.say("OK", "Annotations", b"ANNOTATIONS READ-ONLY" if view.read_only else _ANNOTATIONS))
    return b"".join(untagged)


def look_before(session: ImapSession, command: Command) -> bytes | None:
    """look_again() before a command; those that leave the mailbox ask nothing of it any more. None: it is lost."""
    try:
        return b"" if isinstance(command, LEAVING) else look_again(session)
    except NoSuchMailbox:
        return None


def look_again(session: ImapSession) -> bytes:
    """Of a mailbox of another: the rights may have changed since. What is told of that (RFC 4314 section 5.1.1).

    Raises NoSuchMailbox where it may not be read any more.
    """
    view = session.view
    if view is None or not view.reader:
        return b""
    mine = mailboxes.get_mailbox_by_id(view.account_id, view.mailbox_id).rights
    if not mine & rights.READ:
        raise NoSuchMailbox(f"mailbox {view.mailbox_id} is not shared for reading any more")
    if mine == view.rights:
        return b""
    view.rights = mine
    return flags_line(view.keywords) + session.say("OK", "Kept for ever", _permanent_flags(view))


def _permanent_flags(view: View) -> bytes:
    """What this account may change here (RFC 4314 section 5.1.1); \\* says that new keywords may be made (RFC 3501
    section 7.1)."""
    names: list[bytes] = []
    if not view.read_only:
        names = system_flags(rights.settable(view.rights))
        if view.rights & rights.WRITE:
            names += [*(word.encode() for word in sorted(view.keywords)), b"\\*"]
    return b"PERMANENTFLAGS (%b)" % b" ".join(names)
