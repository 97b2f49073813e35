"""The database threads: a small pool, each thread with its own Django connections.

Requests, wake-ups and batches of large answers run here; nothing waits for a socket here.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connections

from protocols.runtime import limits

logger = logging.getLogger(__name__)

Callback = Callable[[Any, BaseException | None], None]
Job = tuple[Callable[..., Any], tuple[Any, ...], Callback | None]


class DatabaseThreads:
    """Runs jobs on named threads. A job's callback is called on the thread that ran it, with (result, error)."""

    def __init__(self, count: int = limits.DATABASE_THREADS, name: str = "database") -> None:
        self._queue: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._work, name=f"{name}-{number}", daemon=True) for number in range(1, count + 1)
        ]
        for thread in self._threads:
            thread.start()

    def run(self, job: Callable[..., Any], *arguments: Any, callback: Callback | None = None) -> None:
        """Queue `job(*arguments)`."""
        self._queue.put((job, arguments, callback))

    def stop(self) -> None:
        """Finish what is queued, then end the threads and their database connections."""
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        used_at = time.monotonic()
        while (item := self._queue.get()) is not None:
            job, arguments, callback = item
            _mend_connections(idle=time.monotonic() - used_at)
            result, error = None, None
            try:
                result = job(*arguments)
            except BaseException as caught:
                error = caught
                if callback is None:
                    logger.exception("A job of the database threads failed")
            used_at = time.monotonic()
            if callback is not None:
                callback(result, error)
            # Keep nothing of an ended connection alive while waiting for the next job.
            del item, job, arguments, callback, result, error
        connections.close_all()


def _mend_connections(idle: float) -> None:
    """Drop a database connection that failed, or that died while the thread rested; Django opens a new one."""
    for connection in connections.all(initialized_only=True):
        if connection.connection is None:
            continue
        if connection.in_atomic_block or connection.needs_rollback:
            connection.close()  # no job may leave a transaction open; what did cannot be trusted
            del connections[connection.alias]
        elif connection.errors_occurred or idle > limits.HEALTH_CHECK_AFTER:
            # Pings only when an error occurred, or at the next query when CONN_HEALTH_CHECKS is on.
            connection.close_if_unusable_or_obsolete()
