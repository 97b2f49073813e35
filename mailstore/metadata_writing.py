"""SETMETADATA (RFC 5464 section 4.3).

/shared entries of the server are for administrators to set: whoever calls set_metadata() has checked that.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Q, Sum
from django.db.models.functions import Length

from mailstore import entries, special_use, writer
from mailstore.entries import PRIVATE, SHARED, SPECIAL_USE
from mailstore.errors import LimitReached, ReadOnlyEntry, TooManyEntries, ValueTooLarge
from mailstore.hierarchy import SPECIAL_USES, lock_names, names_changed
from mailstore.mailbox_info import MailboxInfo
from mailstore.metadata import Value, find_mailbox
from mailstore.models import Metadata
from mailstore.transactions import changed

Values = Mapping[str, Value | None]


@dataclass(frozen=True, slots=True)
class Changed:
    """What set_metadata() did. ids: those of its rows, for metadata_feed; lost: ids of the mailboxes whose special use
    went to this one."""

    ids: frozenset[int]
    lost: tuple[int, ...] = ()


@dataclass(slots=True)
class _Plan:
    """Rows to go and rows to come."""

    remove: list[int] = field(default_factory=list)
    add: list[Metadata] = field(default_factory=list)


def set_metadata(account_id: int, mailbox_id: int | None, values: Values) -> Changed:
    """Set entries, or remove them (None): all or none. Names are in lower case, with their prefix.

    Raises NoSuchMailbox, ValueTooLarge, TooManyEntries, ReadOnlyEntry, LimitReached, StoreUnavailable.
    """
    if any(value is not None and len(value.octets) > entries.MAX_VALUE for value in values.values()):
        raise ValueTooLarge(f"an entry has more than {entries.MAX_VALUE} octets")
    return writer.write(lambda: _set(account_id, mailbox_id, dict(values)))


def _set(account_id: int, mailbox_id: int | None, values: dict[str, Value | None]) -> Changed:
    info = find_mailbox(account_id, mailbox_id)
    owner = account_id if info is None else info.account_id
    lock_names(owner)
    use = _special_use(account_id, info, values) if SPECIAL_USE in values and info is not None else None
    if info is None and entries.ADMIN in values:
        raise ReadOnlyEntry("the server says whom to ask")
    plan = _Plan()
    _plan(plan, PRIVATE, mailbox_id, account_id, values)
    _plan(plan, SHARED, mailbox_id, None if info is None else owner, values)
    _check_total(account_id, plan)
    lost: list[int] = []
    if use is not None and info is not None:
        lost = _assign(plan, info, use)
    Metadata.objects.filter(pk__in=plan.remove).delete()
    for row in plan.add:
        row.save(force_insert=True)
    if plan.add:
        changed(owner, mailbox_id or 0)
    return Changed(frozenset(row.pk for row in plan.add), tuple(lost))


def _special_use(account_id: int, info: MailboxInfo, values: dict[str, Value | None]) -> str:
    """The one that is asked for; it is a column of the mailbox, not a row."""
    value = values.pop(SPECIAL_USE)
    use = entries.special_use_of(value.octets if value else None, SPECIAL_USES)
    if info.account_id != account_id or (use and info.name == "INBOX"):
        raise ReadOnlyEntry("this mailbox has no special use")
    return use


def _assign(plan: _Plan, info: MailboxInfo, use: str) -> list[int]:
    """Rows without a value tell the other sessions of the change."""
    lost = special_use.assign(info, use)
    if lost is None:
        return []
    told = [info.id, *lost]
    notes = Metadata.objects.filter(mailbox_id__in=told, account_id=info.account_id, entry=SPECIAL_USE)
    plan.remove += notes.values_list("pk", flat=True)
    plan.add += [Metadata(mailbox_id=each, account_id=info.account_id, entry=SPECIAL_USE) for each in told]
    names_changed(info.account_id)
    return lost


def _plan(plan: _Plan, prefix: str, mailbox_id: int | None, filed_under: int | None, all_values: Values) -> None:
    """Add what has to change below a prefix. Raises TooManyEntries."""
    values = {entry: value for entry, value in all_values.items() if entry.startswith(prefix)}
    if not values:
        return
    place = Q(mailbox_id=mailbox_id, account_id=filed_under, entry__startswith=prefix)
    rows = Metadata.objects.filter(place).select_for_update()
    before = {row.entry: row for row in rows}
    kept = {entry for entry, row in before.items() if row.value is not None}
    for entry, value in values.items():
        old = before.get(entry)
        if _as_value(old) == value:
            continue
        if old is not None:
            plan.remove.append(old.pk)
        new = Metadata(mailbox_id=mailbox_id, account_id=filed_under, entry=entry)
        if value is not None:
            new.value, new.content_type = value.octets, value.content_type
        plan.add.append(new)
    if len(kept - values.keys()) + sum(value is not None for value in values.values()) > entries.MAX_ENTRIES:
        raise TooManyEntries(f"more than {entries.MAX_ENTRIES} entries")
    removed = sorted(row.pk for entry, row in before.items() if row.value is None and entry not in values)
    plan.remove += removed[: max(0, len(removed) - entries.MAX_REMOVED)]


def _as_value(row: Metadata | None) -> Value | None:
    return None if row is None or row.value is None else Value(bytes(row.value), row.content_type)


def _check_total(account_id: int, plan: _Plan) -> None:
    """Room for what is added, among all entries that the account has set for itself or in its mailboxes."""
    added = sum(len(row.value) for row in plan.add if row.value is not None)
    if not added:
        return
    kept = Metadata.objects.filter(account_id=account_id).exclude(pk__in=plan.remove)
    if added + (kept.aggregate(total=Sum(Length("value")))["total"] or 0) > entries.MAX_TOTAL:
        raise LimitReached(f"the entries of account {account_id} would pass {entries.MAX_TOTAL} octets")
