"""Toasts: what has happened, told on the next page, with the way back where there is one."""

from dataclasses import asdict, dataclass

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest

SALT = "webmail.undo"
MAX_AGE = 3600  # seconds for which an undo is honoured; the toast itself is gone after 6
MAX_UIDS = 2000  # a token travels through a cookie or the session; more messages are not undone by a toast


@dataclass(frozen=True, slots=True)
class Undo:
    """Moves the messages back from where they are now."""

    account_id: int
    mailbox_id: int
    uids: tuple[int, ...]
    back_to: int


def say(request: HttpRequest, text: str, undo: Undo | None = None) -> None:
    """Shows a toast on the next page or partial."""
    token = signing.dumps(asdict(undo), salt=SALT, compress=True) if undo and len(undo.uids) <= MAX_UIDS else ""
    messages.info(request, text, extra_tags=token)


def read_undo(token: str, account_id: int) -> Undo | None:
    """The undo of a token that this server gave to this account, or None."""
    try:
        data = signing.loads(token, salt=SALT, max_age=MAX_AGE)
        undo = Undo(data["account_id"], data["mailbox_id"], tuple(data["uids"]), data["back_to"])
    except (signing.BadSignature, KeyError, TypeError):
        return None
    return undo if undo.account_id == account_id else None
