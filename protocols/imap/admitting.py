"""Whether a message may come in, asked before its octets are on their way or on the disk.

It spares uploads and blobs that nobody would keep. The store has the last word, in the transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore import mailboxes, quota
from mailstore.errors import NoSuchMailbox, OverQuota, StoreError
from protocols.imap import errors
from protocols.imap.answer import Answer
from protocols.imap.errors import missing_target
from protocols.imap.wire.append_messages import AppendMessage
from protocols.imap.wire.errors import Refusal
from protocols.imap.wire.framer import ASK_FROM, LiteralAsked
from protocols.imap.wire.scanner import Scanner

if TYPE_CHECKING:
    from collections.abc import Iterable

    from protocols.imap.session import ImapSession


def answer(session: ImapSession, asked: LiteralAsked) -> Answer | None:
    """The refusal, or None where the literal may come."""
    try:
        return refusal(session, asked)
    except StoreError as error:
        return errors.refusal(error)


def refusal(session: ImapSession, asked: LiteralAsked) -> Answer | None:
    """The answer to an APPEND or REPLACE that will fail whatever the literal is (RFC 3502's examples A004 and A005).

    None: let it come; also where the command is malformed, for its end says how. Raises StoreError.
    """
    scan = Scanner(asked.parts, session.enabled)
    try:
        scan.tag()
        scan.space()
        name = scan.word()
        if name != "APPEND":  # what REPLACE removes is not counted yet
            return None
        scan.space()
        target = scan.mailbox()
    except Refusal:
        return None
    try:
        owner = mailboxes.get_mailbox(session.account_id, target).account_id
    except NoSuchMailbox:
        return missing_target()
    check_quota(owner, asked.size)
    return None


def check_large(owner_id: int, messages: Iterable[AppendMessage]) -> None:
    """Raises OverQuota where messages that would become blobs do not fit. Small ones are not looked at."""
    size = sum(each.size for each in messages)
    if size >= ASK_FROM:
        check_quota(owner_id, size)


def check_quota(account_id: int, size: int) -> None:
    """Raises OverQuota."""
    used = quota.usage(account_id)
    if used.quota_bytes and used.size + size > used.quota_bytes:
        raise OverQuota(f"{used.size} of {used.quota_bytes} octets are used, {size} more do not fit")
    if used.quota_messages and used.messages >= used.quota_messages:
        raise OverQuota(f"{used.messages} of {used.quota_messages} messages are used")
