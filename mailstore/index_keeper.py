"""The thread that keeps the search index up, in one process of those that share the database.

It works when nobody else has anything to do, and slowly where somebody always has: a delivery never waits for it
longer than for one small transaction.
"""

import fcntl
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from django.db import DatabaseError, connection

from mailstore import sql, writer
from mailstore.errors import StoreError
from mailstore.indexing import Indexer

log = logging.getLogger(__name__)

IDLE_SECONDS = 1.0  # between two looks when all is indexed: how fresh the index is
PAUSE_SECONDS = 0.01  # between two turns: lets other threads of this process in
BUSY_SECONDS = 0.25  # the same while others write, or want the processor
RETRY_SECONDS = 5.0  # when the database is away, or another process keeps the index
_ADVISORY_LOCK = 7_465_001  # of PostgreSQL, held by the connection of the thread that keeps the index


class IndexKeeper:
    """start() and stop() of the thread; stop() waits for the turn that runs."""

    def __init__(self) -> None:
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start the thread; a second call does nothing."""
        if self._thread is None:
            self._stopped.clear()
            self._thread = threading.Thread(target=self._run, name="index", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End it."""
        thread, self._thread = self._thread, None
        self._stopped.set()
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                with alone() as first:
                    if first:
                        self._keep(Indexer())
            except (DatabaseError, StoreError, OSError) as error:
                log.warning("the search index is not kept up just now: %s", error)
            except Exception:
                log.exception("the search index is not kept up just now")
            finally:
                connection.close()
            self._stopped.wait(RETRY_SECONDS)

    def _keep(self, indexer: Indexer) -> None:
        pause = 0.0
        while not self._stopped.wait(pause):
            before = writer.count_written()
            if not indexer.work():
                pause = IDLE_SECONDS
                continue
            others = writer.count_written() - before - 1
            pause = BUSY_SECONDS if others > 0 or indexer.crowded else PAUSE_SECONDS


@contextmanager
def alone() -> Iterator[bool]:
    """True: no other process keeps the index, and none will while this lasts. A killed process lets go."""
    if sql.is_sqlite():
        with _locked_file() as first:
            yield first
        return
    first = bool(sql.fetch_all("SELECT pg_try_advisory_lock(%s)", (_ADVISORY_LOCK,))[0][0])
    try:
        yield first
    finally:
        if first:
            sql.fetch_all("SELECT pg_advisory_unlock(%s)", (_ADVISORY_LOCK,))


@contextmanager
def _locked_file() -> Iterator[bool]:
    """Beside the database; a database in memory has no other process."""
    name = str(connection.settings_dict["NAME"])
    if not os.path.exists(name):
        yield True
        return
    with open(f"{name}-index.lock", "w") as file:
        yield _try_lock(file)


def _try_lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


_keeper = IndexKeeper()
start = _keeper.start
stop = _keeper.stop
