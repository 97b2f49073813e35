"""GETMETADATA (RFC 5464): annotations of mailboxes and of the server.

A mailbox of None is the server. Who may see a mailbox may annotate it; that is decided in find_mailbox() alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from directory import accounts
from mailstore import entries, rights
from mailstore.entries import SHARED, SPECIAL_USE
from mailstore.mailbox_info import MailboxInfo, get_mailbox_by_id
from mailstore.models import Metadata


@dataclass(frozen=True, slots=True)
class Value:
    """What an entry says; content_type is "" where nobody named one."""

    octets: bytes
    content_type: str = ""


_COLUMNS = ("entry", "value", "content_type")


def get_metadata(
    account_id: int, mailbox_id: int | None, names: Iterable[str], depth: int | None = 0
) -> dict[str, Value | None]:
    """The entries of these names and, by the depth, those below them (None: all); None for one that is not there.

    Names are in lower case, with their prefix. Raises NoSuchMailbox, StoreUnavailable.
    """
    info = find_mailbox(account_id, mailbox_id)
    wanted = list(dict.fromkeys(names))
    condition = Q(entry__in=wanted)
    if depth != 0:
        for name in wanted:
            condition |= Q(entry__startswith=name + "/")
    rows = _visible(account_id, mailbox_id).filter(condition).order_by("entry")
    stored = {entry: Value(bytes(value or b""), kind) for entry, value, kind in rows.values_list(*_COLUMNS)}
    stored |= _computed(account_id, info)
    found: dict[str, Value | None] = {}
    for name in wanted:
        below = sorted(entry for entry in stored if entries.is_below(entry, name, depth))
        found |= {entry: stored[entry] for entry in below}
        if depth == 0:
            found.setdefault(name, None)
    return found


def list_metadata(
    account_id: int, boxes: Sequence[MailboxInfo], names: Iterable[str] | None
) -> dict[int, dict[str, Value]]:
    """These entries (None: all) of many mailboxes, by their ids (RFC 9590), in one query."""
    wanted = None if names is None else set(names)
    found = {
        info.id: {
            entry: value for entry, value in _computed(account_id, info).items() if wanted is None or entry in wanted
        }
        for info in boxes
    }
    usable = [info.id for info in boxes if rights.may_annotate(info.rights)]
    rows = Metadata.objects.filter(_is_for(account_id), mailbox_id__in=usable).exclude(value=None)
    if wanted is not None:
        rows = rows.filter(entry__in=wanted)
    for mailbox_id, entry, value, kind in rows.values_list("mailbox_id", *_COLUMNS):
        found[mailbox_id][entry] = Value(bytes(value or b""), kind)
    return found


def find_mailbox(account_id: int, mailbox_id: int | None) -> MailboxInfo | None:
    """The mailbox, if the account may see and use it; None for the server. Raises NoSuchMailbox, NoPermission."""
    if mailbox_id is None:
        return None
    info = get_mailbox_by_id(account_id, mailbox_id)
    rights.require_annotation(info.rights)
    return info


def _is_for(account_id: int) -> Q:
    """What is shared, and what is the account's own."""
    return Q(entry__startswith=SHARED) | Q(account_id=account_id)


def _visible(account_id: int, mailbox_id: int | None) -> QuerySet[Metadata]:
    found = Metadata.objects.exclude(value=None)
    if mailbox_id is None:
        return found.filter(Q(account_id=None) | Q(account_id=account_id), mailbox__isnull=True)
    return found.filter(_is_for(account_id), mailbox_id=mailbox_id)


def _computed(account_id: int, info: MailboxInfo | None) -> dict[str, Value]:
    """Entries that are no rows; a special use is the owner's."""
    if info is None:
        domain = accounts.get_account(account_id).address.rpartition("@")[2]
        return {entries.ADMIN: Value(f"mailto:postmaster@{domain}".encode())}
    if not info.special_use or info.account_id != account_id:
        return {}
    return {SPECIAL_USE: Value(info.special_use.encode())}
