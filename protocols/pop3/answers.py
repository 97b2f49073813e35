"""The fixed answers of POP3 and the table from store errors to them.

Texts are English here and go out in the language of the thread, which the session sets (LANG, RFC 6856 section 3).
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext

from mailstore import errors as store
from protocols.pop3.wire.replies import error, ok
from protocols.runtime.session import Reply

# (words, response code of RFC 2449 section 8 and RFC 3206)
STORE_ERRORS: dict[type[Exception], tuple[str, str]] = {
    store.NoSuchMessage: ("Message has been deleted by another program", ""),
    store.NoSuchMailbox: ("The mailbox is not there any more", "SYS/PERM"),
    store.StoreUnavailable: ("The store is not available, try again later", "SYS/TEMP"),
}
# PASS, AUTH, APOP, LIST and RSET say it.
MAILDROP = "%(messages)d messages (%(octets)d octets)"
OUR_FAULT = ("Temporary failure, try again later", "SYS/TEMP")


def good(text: str = "", **values: object) -> Reply:
    """+OK and a text, with its %(name)s filled."""
    return Reply(ok(say(text, values)))


def err(text: str, code: str = "", **values: object) -> Reply:
    """-ERR, a response code where there is one, and a text."""
    return Reply(error(say(text, values), code))


def say(text: str, values: Mapping[str, object] | None = None) -> str:
    """The text in the session's language."""
    spoken = gettext(text) if text else ""
    return spoken % values if values else spoken


def store_error(failure: store.StoreError) -> Reply:
    """The answer to a refusal of the store."""
    for kind in type(failure).__mro__:
        if kind in STORE_ERRORS:
            return err(*STORE_ERRORS[kind])
    return err(*OUR_FAULT)
