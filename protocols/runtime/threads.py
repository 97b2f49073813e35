"""The database threads: a small pool, each thread with its own Django connections.

Requests, wake-ups and batches of large answers run here; nothing waits for a socket here.
"""

import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.db import DatabaseError, connections

from mailstore import sql
from protocols.runtime import limits

logger = logging.getLogger(__name__)

Callback = Callable[[Any, BaseException | None], None]
Job = tuple[Callable[..., Any], tuple[Any, ...], Callback | None]


class DatabaseThreads:
    """Runs jobs on named threads. A job's callback is called on the thread that ran it, with (result, error).

    A job goes to the thread that rested last: its database connection has the warm page cache, and waking it is
    cheapest (24 us against 96 with the threads taking turns). Under light load most threads never open a connection.
    """

    def __init__(self, count: int = limits.DATABASE_THREADS, name: str = "database") -> None:
        self._lock = threading.Lock()
        self._waiting: deque[Job] = deque()
        self._resting: list[queue.SimpleQueue[Job | None]] = []
        self._inboxes: list[queue.SimpleQueue[Job | None]] = [queue.SimpleQueue() for _ in range(count)]
        self._stopping = False
        self._threads = [
            threading.Thread(target=self._work, args=(inbox,), name=f"{name}-{number}", daemon=True)
            for number, inbox in enumerate(self._inboxes, 1)
        ]
        for thread in self._threads:
            thread.start()

    def run(self, job: Callable[..., Any], *arguments: Any, callback: Callback | None = None) -> None:
        """Queue `job(*arguments)`."""
        item = (job, arguments, callback)
        with self._lock:
            if not self._resting:
                self._waiting.append(item)
                return
            inbox = self._resting.pop()
        inbox.put(item)

    def stop(self) -> None:
        """Finish what is queued, then end the threads and their database connections."""
        with self._lock:
            self._stopping = True
            resting, self._resting = self._resting, []
        for inbox in resting:
            inbox.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self, inbox: "queue.SimpleQueue[Job | None]") -> None:
        used_at = time.monotonic()
        while (item := self._next(inbox)) is not None:
            _run(item, idle=time.monotonic() - used_at)
            used_at = time.monotonic()
            del item  # keep nothing of an ended connection alive while resting
        connections.close_all()

    def _next(self, inbox: "queue.SimpleQueue[Job | None]") -> Job | None:
        """The next job; None: the end."""
        with self._lock:
            if self._waiting:
                return self._waiting.popleft()
            if self._stopping:
                return None
            self._resting.append(inbox)
        return inbox.get()


def _run(item: Job, idle: float) -> None:
    job, arguments, callback = item
    _mend_connections(idle)
    result, error = None, None
    try:
        result = job(*arguments)
    except BaseException as caught:
        error = caught
        if callback is None:
            logger.exception("A job of the database threads failed")
    if callback is not None:
        callback(result, error)


def _mend_connections(idle: float) -> None:
    """Drop a database connection that failed, or that died while the thread rested; Django opens a new one."""
    for connection in connections.all(initialized_only=True):
        if connection.connection is None:
            continue
        if connection.in_atomic_block or connection.errors_occurred:
            # No job may leave a transaction open. Errors are rare enough to pay for a new connection without asking.
            with suppress(DatabaseError):
                connection.close()
            del connections[connection.alias]
            sql.forget_connection()
        elif idle > limits.HEALTH_CHECK_AFTER:
            # Pings at the next query where CONN_HEALTH_CHECKS is on.
            connection.close_if_unusable_or_obsolete()
