"""Short reads that an event loop may do itself on SQLite: they cost less than a switch of threads.

A reader waits for nobody in WAL mode. Where SQLite would have it wait nevertheless (another process recovers the
log), or where there is more to do than a glance, the answer is None: a database thread shall ask.
"""

import logging
import sqlite3
import threading

from django.db import connections

from mailstore import sql
from mailstore.errors import StoreError
from mailstore.mailbox_info import get_mailbox
from mailstore.names import is_reserved
from mailstore.snapshots import Snapshot, snapshot_of

# Messages of a mailbox whose UIDs are read in 50 us.
MAX_MESSAGES = 200

_log = logging.getLogger(__name__)
_prepared: set[int] = set()  # thread idents


def prepare() -> None:
    """Open this thread's connection, for Django opens none while a loop runs. Without SQLite: nothing."""
    if sql.is_sqlite():
        sql.execute("PRAGMA busy_timeout = 0")
        _prepared.add(threading.get_ident())


def leave() -> None:
    """Close it again, when the loop has ended."""
    _prepared.discard(threading.get_ident())
    connections.close_all()


def find_snapshot(account_id: int, name: str, *, take_recent: bool) -> Snapshot | None:
    """The snapshot() of a small mailbox of the account's own in which nothing is to be claimed; else None."""
    if threading.get_ident() not in _prepared or is_reserved(name):
        return None
    try:
        info = get_mailbox(account_id, name)
        claims = take_recent and info.recent_uid < info.uid_next
        if claims or info.reader or not info.selectable or info.messages > MAX_MESSAGES:
            return None
        return snapshot_of(info, info.recent_uid)
    except StoreError:
        return None
    except sqlite3.Error:
        _log.exception("a glance at the store failed")
        return None
