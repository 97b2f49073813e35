"""Locks between processes that end with the process which holds them. One thread at a time: protocols.pop3.locks sees
to that."""

from __future__ import annotations

import fcntl
import logging
import os
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

logger = logging.getLogger(__name__)

# "POP3" in ASCII: the upper half of our advisory locks' keys, so that they meet nobody else's in the database.
_NAMESPACE = 0x504F5033 << 32


class Exclusion(Protocol):
    """One process's hold on numbers that only one process may have."""

    def take(self, number: int) -> bool:
        """False where another process has it."""

    def give_back(self, number: int) -> None:
        """It was taken before."""

    def close(self) -> None:
        """Give everything back."""


class FileExclusion:
    """Record locks (fcntl) on an empty file, one octet for each number. The kernel drops them with the process."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def take(self, number: int) -> bool:
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, number)
        except (BlockingIOError, PermissionError):  # POSIX leaves open which of the two it is
            return False
        return True

    def give_back(self, number: int) -> None:
        fcntl.lockf(self._file, fcntl.LOCK_UN, 1, number)

    def close(self) -> None:
        os.close(self._file)


class AdvisoryExclusion:
    """PostgreSQL's advisory locks on a connection of their own, which the server drops when the connection ends.

    Where the connection is lost, the locks are lost with it: the next take() connects again and takes back what was
    held, and the one after it where the database is not there yet. Until then another process may open the same
    maildrop, which does what an IMAP client beside POP3 does: a message deleted by the other is answered with -ERR,
    and nothing is lost.
    """

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection
        self._connection.inc_thread_sharing()  # whichever thread has the guard of protocols.pop3.locks
        self._held: set[int] = set()
        self._lost = False  # stays until all of _held was asked for again: Django connects by itself, and forgets

    def take(self, number: int) -> bool:
        try:
            taken = self._take_back_and(number) if self._lost else self._ask("pg_try_advisory_lock", number)
        except DatabaseError:
            self._note_loss()
            taken = self._take_back_and(number)
        if taken:
            self._held.add(number)
        return taken

    def give_back(self, number: int) -> None:
        self._held.discard(number)
        if self._lost:
            return  # with the connection; the next take() leaves it out
        try:
            self._ask("pg_advisory_unlock", number)
        except DatabaseError:
            self._note_loss()

    def _note_loss(self) -> None:
        logger.warning("pop3: the connection that holds the maildrops' locks was lost; they are to be taken again")
        self._lost = True

    def _take_back_and(self, number: int) -> bool:
        self._connection.close()
        for each in self._held:
            self._ask("pg_try_advisory_lock", each)
        taken = self._ask("pg_try_advisory_lock", number)
        self._lost = False
        return taken

    def close(self) -> None:
        self._connection.close()

    def _ask(self, function: str, number: int) -> bool:
        with self._connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [_NAMESPACE | (number & 0xFFFFFFFF)])
            return bool(cursor.fetchone()[0])


def make_exclusion() -> Exclusion:
    """The kind that fits the database."""
    default = connections["default"]
    if default.vendor == "postgresql":
        return AdvisoryExclusion(default.copy("pop3-locks"))
    return FileExclusion(Path(settings.DATA_DIR) / "run" / "maildrops.lock")
