"""The lock of a maildrop (RFC 1939 section 4): one POP3 session for an account at a time, whichever process serves it.

The connection holds it in memory; between processes the operating system or the database does: on SQLite a lock on one
octet of a file, on PostgreSQL an advisory lock of a database session. Both end with the process, however it ends, so a
lock never outlives its connection and nothing has to be cleaned up.
"""

from __future__ import annotations

import threading

from directory.freshness import on_forget
from protocols.pop3.exclusion import Exclusion, make_exclusion

_holders: dict[int, object] = {}
_guard = threading.Lock()
_shared: Exclusion | None = None


def acquire(account_id: int, holder: object) -> bool:
    """False where another session has it. Touches the disk or the database: not on an event loop."""
    global _shared
    with _guard:
        if account_id in _holders:
            return _holders[account_id] is holder
        if _shared is None:
            _shared = make_exclusion()
        if not _shared.take(account_id):
            return False
        _holders[account_id] = holder
        return True


def release(account_id: int, holder: object) -> None:
    """Harmless where the holder has it no more."""
    with _guard:
        if _holders.get(account_id) is holder:
            del _holders[account_id]
            if _shared is not None:
                _shared.give_back(account_id)


def _forget() -> None:
    """Let go of everything, between tests."""
    global _shared
    with _guard:
        _holders.clear()
        if _shared is not None:
            _shared.close()
        _shared = None


on_forget(_forget)
