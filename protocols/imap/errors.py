"""Store refusals -> NO [CODE] (RFC 5530), in one table."""

import logging

from mailstore import errors as store
from protocols.imap.answer import Answer, no
from protocols.imap.metadata import TOO_LARGE, TOO_MANY

log = logging.getLogger(__name__)

_TABLE: dict[type[store.StoreError], tuple[bytes, str]] = {
    store.NoSuchMailbox: (b"NONEXISTENT", "There is no such mailbox"),
    store.NoPermission: (b"NOPERM", "Your rights do not allow this"),
    store.NoSuchIdentifier: (b"NONEXISTENT", "This identifier names nobody here"),
    store.NoSuchMessage: (b"EXPUNGEISSUED", "The message is gone"),
    store.MailboxExists: (b"ALREADYEXISTS", "A mailbox of that name exists"),
    store.BadMailboxName: (b"CANNOT", "This name cannot be used for a mailbox"),
    store.NotSelectable: (b"CANNOT", "This name only holds other mailboxes"),
    store.OverQuota: (b"OVERQUOTA", "Quota exceeded"),
    store.HasChildren: (b"HASCHILDREN", "The mailbox has inferior mailboxes"),
    store.CannotChangeInbox: (b"CANNOT", "INBOX cannot be deleted or made"),
    store.LimitReached: (b"LIMIT", "A limit of this server is reached"),
    store.ValueTooLarge: (TOO_LARGE, "The value is too large"),
    store.TooManyEntries: (TOO_MANY, "There are too many annotations"),
    store.ReadOnlyEntry: (b"CANNOT", "This entry cannot have this value"),
    store.StoreUnavailable: (b"UNAVAILABLE", "The store is not available now; try again later"),
}


def refusal(error: store.StoreError) -> Answer:
    """The answer to a store error, by its nearest class."""
    log.debug("refused: %s", error)
    for kind in type(error).__mro__:
        if kind in _TABLE:
            code, text = _TABLE[kind]
            return no(text, code)
    return no("Temporary failure; try again later", b"SERVERBUG")


def missing_target() -> Answer:
    """COPY, MOVE or APPEND to a mailbox that is not there (RFC 3501 sections 6.3.11 and 6.4.7)."""
    return no("There is no such mailbox", b"TRYCREATE")


# What of a command is too large -> the answer's status and code.
_TOO_LARGE = {"line": ("BAD", b"TOOBIG"), "literal": ("NO", b"TOOBIG"), "command": ("NO", b"LIMIT")}


def too_large(what: str) -> Answer:
    """A command that the framer has not kept (RFC 7889 section 4, RFC 9051 section 7.1)."""
    status, code = _TOO_LARGE[what]
    return Answer(f"The {what} is too large", status, code)
