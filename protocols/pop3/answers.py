"""The fixed answers of POP3 and the table from store errors to them."""

from __future__ import annotations

from mailstore import errors as store
from protocols.pop3.wire.replies import error, ok
from protocols.runtime.session import Reply

# (words, response code of RFC 2449 section 8 and RFC 3206)
STORE_ERRORS: dict[type[Exception], tuple[str, str]] = {
    store.NoSuchMessage: ("Message has been deleted by another program", ""),
    store.NoSuchMailbox: ("The mailbox is not there any more", "SYS/PERM"),
    store.StoreUnavailable: ("The store is not available, try again later", "SYS/TEMP"),
}
OUR_FAULT = ("Temporary failure, try again later", "SYS/TEMP")


def good(text: str = "") -> Reply:
    return Reply(ok(text))


def err(text: str, code: str = "") -> Reply:
    return Reply(error(text, code))


def store_error(failure: store.StoreError) -> Reply:
    """The answer to a refusal of the store."""
    for kind in type(failure).__mro__:
        if kind in STORE_ERRORS:
            return err(*STORE_ERRORS[kind])
    return err(*OUR_FAULT)
