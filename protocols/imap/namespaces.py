"""The NAMESPACE response (RFC 2342 section 5), with its TRANSLATION extension (RFC 5255 section 3.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailstore.names import DELIMITER, OTHER_USERS, PUBLIC
from protocols.imap.languages import translate
from protocols.imap.wire.response import mailbox

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


def namespace_line(session: ImapSession) -> bytes:
    """One's own mailboxes have no prefix; those of others and of the domain stand below names of theirs."""
    others, public = (_prefixed(session, root) for root in (OTHER_USERS, PUBLIC))
    return b'* NAMESPACE (("" "/")) (%b) (%b)\r\n' % (others, public)


def _prefixed(session: ImapSession, root: str) -> bytes:
    """`("Other Users/" "/" "TRANSLATION" ("Autres utilisateurs/"))`; the translation only where it is another word."""
    prefix = mailbox(root + DELIMITER, utf8=session.utf8)
    translated = translate(root, session.language)
    if translated == root:
        return b'(%b "/")' % prefix
    return b'(%b "/" "TRANSLATION" (%b))' % (prefix, mailbox(translated + DELIMITER, utf8=session.utf8))
