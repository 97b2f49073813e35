"""The lock of a maildrop (RFC 1939 section 4): one POP3 session for an account at a time.

It lives in memory with the connection that holds it, so it cannot outlive either. Two mail workers, each with its own
POP3 listener, would not see each other's: what then happens is what happens between POP3 and IMAP (a message deleted
by the other is answered with -ERR), and nothing is lost.
"""

from __future__ import annotations

import threading

_holders: dict[int, object] = {}
_guard = threading.Lock()


def acquire(account_id: int, holder: object) -> bool:
    """False where another session has it."""
    with _guard:
        return _holders.setdefault(account_id, holder) is holder


def release(account_id: int, holder: object) -> None:
    """Harmless where the holder has it no more."""
    with _guard:
        if _holders.get(account_id) is holder:
            del _holders[account_id]
