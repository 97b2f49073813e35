"""The fixed answers of SMTP and the table from store errors to them."""

from __future__ import annotations

from delivery.deliver import SomeMailboxesFull
from delivery.transaction import Refusal
from mailstore import errors as store
from protocols.runtime.session import Reply
from protocols.smtp.wire.replies import reply

# Each store error has one answer (RFC 3463); what is not in the table is our own failure.
STORE_ERRORS: dict[type[Exception], Refusal] = {
    store.OverQuota: Refusal(552, "5.2.2", "Mailbox full"),
    # The sender tries again, and RCPT tells it then which one is full.
    SomeMailboxesFull: Refusal(452, "4.2.2", "A recipient's mailbox has become full, try again"),
    store.LimitReached: Refusal(452, "4.2.2", "Mailbox has reached a limit"),
    store.NoSuchMailbox: Refusal(550, "5.1.1", "No such user here"),
    store.StoreUnavailable: Refusal(451, "4.3.0", "Temporary failure: the store is not available, try again later"),
}
OUR_FAULT = Refusal(451, "4.3.0", "Temporary failure, try again later")


def say(code: int, enhanced: str, *lines: str) -> Reply:
    """A Reply of these lines."""
    return Reply(reply(code, enhanced, *lines))


def refuse(refusal: Refusal) -> Reply:
    """A refusal of delivery as a Reply."""
    return Reply(reply(refusal.code, refusal.enhanced, refusal.text))


def refusal_for(error: BaseException) -> Refusal:
    """The answer to an exception of the store; OUR_FAULT for one that nobody foresaw."""
    for kind in type(error).__mro__:
        if kind in STORE_ERRORS:
            return STORE_ERRORS[kind]
    return OUR_FAULT
