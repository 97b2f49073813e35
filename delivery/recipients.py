"""Who may send to whom (RFC 5321 section 3.6, RFC 6409 section 6).

Local recipients are taken from anyone, foreign ones are refused: to strangers because this is no relay, to our own
users because nothing carries mail outside yet.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from delivery.transaction import Refusal
from directory import changes
from directory.accounts import AccountInfo
from directory.addresses import fold_address
from directory.aliases import list_aliases
from directory.freshness import MAX_AGE
from directory.routing import resolve
from mailstore.quota import usage

UNKNOWN_USER = Refusal(550, "5.1.1", "No such user here")
RELAYING_DENIED = Refusal(550, "5.7.1", "Relaying denied: recipient is not local, please authenticate first")
NO_OUTSIDE_DELIVERY = Refusal(550, "5.1.2", "This server delivers to its own domains only: no outside delivery")
MAILBOX_FULL = Refusal(552, "5.2.2", "Mailbox full")
MESSAGE_TOO_BIG_FOR_MAILBOX = Refusal(552, "5.2.2", "Message does not fit into the mailbox")
NOT_YOUR_ADDRESS = Refusal(550, "5.7.1", "Sender address does not belong to the authenticated user")

# Resolved recipients are kept as long as everything else that is kept of the directory (directory.freshness).
MAX_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class SenderContext:
    """What is known of the sender when a recipient is named. size: octets announced by SIZE, 0: unknown."""

    authenticated_as: AccountInfo | None = None
    size: int = 0


@dataclass(frozen=True, slots=True)
class Accepted:
    """A local recipient and the accounts that it stands for."""

    account_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    generation: int
    until: float  # monotonic seconds
    kind: str
    account_ids: tuple[int, ...]
    room: int  # octets left in the emptiest of the mailboxes; -1: no limit


_kept: dict[str, _Kept] = {}


def check_recipient(forward_path: str, sender: SenderContext) -> Accepted | Refusal:
    """Accepted with the accounts, or why not. Reads the database unless find_kept() knows the address."""
    return _judge(_find(forward_path) or _look_up(forward_path), sender)


def check_kept_recipient(forward_path: str, sender: SenderContext) -> Accepted | Refusal | None:
    """The same without the database: None where the address was not asked for lately."""
    kept = _find(forward_path)
    return None if kept is None else _judge(kept, sender)


def is_local_address(address: str) -> bool:
    """True for an address of ours that takes mail."""
    return resolve(address).kind == "local"


def may_send_as(account: AccountInfo, reverse_path: str) -> bool:
    """True for the account's address and its aliases, with or without +detail, and for the null sender."""
    if reverse_path == "":
        return True
    try:
        folded = fold_address(reverse_path)
    except ValueError:
        return False
    local, _, domain = folded.rpartition("@")
    plain = f"{local.partition('+')[0]}@{domain}"
    own = {account.address, *(alias.address for alias in list_aliases(account_ids=[account.id], limit=MAX_KEPT))}
    return folded in own or plain in own


def _find(address: str) -> _Kept | None:
    kept = _kept.get(address)
    if kept is None or kept.generation != changes.generation() or time.monotonic() > kept.until:
        return None
    return kept


def _look_up(address: str) -> _Kept:
    generation = changes.generation()
    route = resolve(address)
    rooms = [_room(account_id) for account_id in route.account_ids]
    # A group is served when one of its members is (delivery.deliver).
    room = -1 if -1 in rooms else max(rooms, default=-1)
    kept = _Kept(generation, time.monotonic() + MAX_AGE, route.kind, route.account_ids, room)
    if len(_kept) >= MAX_KEPT:
        _kept.clear()
    _kept[address] = kept
    return kept


def _room(account_id: int) -> int:
    """Octets that still fit; 0: full; -1: no limit."""
    used = usage(account_id)
    if used.quota_messages and used.messages >= used.quota_messages:
        return 0
    return max(0, used.quota_bytes - used.size) if used.quota_bytes else -1


def _judge(kept: _Kept, sender: SenderContext) -> Accepted | Refusal:
    if kept.kind == "foreign":
        return RELAYING_DENIED if sender.authenticated_as is None else NO_OUTSIDE_DELIVERY
    if kept.kind == "unknown":
        return UNKNOWN_USER
    if kept.room == 0:
        return MAILBOX_FULL
    if 0 < kept.room < sender.size:
        return MESSAGE_TOO_BIG_FOR_MAILBOX
    return Accepted(kept.account_ids)
