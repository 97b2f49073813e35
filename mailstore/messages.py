"""The verbs on the messages of a mailbox; each runs in one transaction and is durable on return."""

from mailstore.copying import CopyResult, copy_messages, copy_messages_soon, move_in_pieces, move_messages, together
from mailstore.expunging import delete_messages, expunge, expunge_in_pieces
from mailstore.flagging import StoreMode, StoreResult, store_flags
from mailstore.replacing import replace_message
from mailstore.snapshots import Changes, FlagState, Snapshot, changes_since, claim_recent, claim_recent_soon, snapshot

__all__ = [
    "Changes",
    "CopyResult",
    "FlagState",
    "Snapshot",
    "StoreMode",
    "StoreResult",
    "changes_since",
    "claim_recent",
    "claim_recent_soon",
    "copy_messages",
    "copy_messages_soon",
    "delete_messages",
    "expunge",
    "expunge_in_pieces",
    "move_in_pieces",
    "move_messages",
    "replace_message",
    "snapshot",
    "store_flags",
    "together",
]
