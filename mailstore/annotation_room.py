"""The room that annotations of messages take: each account has annotations.MAX_TOTAL octets, for its private ones
wherever they are, and for the shared ones of its own mailboxes, whoever sets them."""

from collections import Counter
from collections.abc import Iterable, Mapping

from mailstore import annotations, sql
from mailstore.annotations import Values
from mailstore.errors import LimitReached
from mailstore.locking import LockedMailbox

Room = Mapping[int, int]  # octets by account; 0 where annotations are only removed

SIZE = f"coalesce(sum(length(value) + {annotations.ROW_SIZE}), 0)"
_TOTAL = f"SELECT {SIZE}, count(*) - count(value) FROM mailstore_annotation WHERE account_id = %s"
_FORGET = "DELETE FROM mailstore_annotation WHERE account_id = %s AND value IS NULL"


def account_of(mailbox: LockedMailbox, acting: int, *, shared: bool) -> int:
    """Under whom an annotation is filed that the acting account sets in the mailbox."""
    return mailbox.account_id if shared else acting


def needed(mailbox: LockedMailbox, acting: int, values: Values, messages: int = 1) -> Room:
    """What these annotations take, on each of so many messages."""
    room: Counter[int] = Counter()
    for key, value in values.items():
        size = 0 if value is None else len(value) + annotations.ROW_SIZE
        room[account_of(mailbox, acting, shared=key.shared)] += messages * size
    return room


def check(room: Room) -> list[int]:
    """As if all were new: who is near the limit has to remove some first. Raises LimitReached.

    The result: accounts that remember too many removed ones.
    """
    crowded = []
    for account_id, new in room.items():
        held, removed = sql.fetch_all(_TOTAL, (account_id,))[0]
        if new and held + new > annotations.MAX_TOTAL:
            raise LimitReached(f"the annotations of account {account_id} would pass {annotations.MAX_TOTAL} octets")
        if removed > annotations.MAX_REMOVED:
            crowded.append(account_id)
    return crowded


def forget_removed(account_ids: Iterable[int]) -> None:
    """Sessions that have not heard of these removals yet will not."""
    for account_id in account_ids:
        sql.execute(_FORGET, (account_id,))
