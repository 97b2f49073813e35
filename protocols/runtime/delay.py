"""Waiting without holding a thread: an answer that is to come later."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from concurrent.futures import Future

_order = itertools.count()
_due: list[tuple[float, int, Future[None]]] = []
_changed = threading.Condition()
_thread: threading.Thread | None = None


def later(seconds: float) -> Future[None]:
    """A future that is done after so many seconds; one thread serves them all. For Reply.future."""
    global _thread
    future: Future[None] = Future()
    with _changed:
        heapq.heappush(_due, (time.monotonic() + seconds, next(_order), future))
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_run, name="delay", daemon=True)
            _thread.start()
        _changed.notify()
    return future


def _run() -> None:
    while True:
        with _changed:
            while not _due:
                _changed.wait()
            wait = _due[0][0] - time.monotonic()
            if wait > 0:
                _changed.wait(wait)
                continue
            future = heapq.heappop(_due)[2]
        # Outside the lock: callbacks may ask for another delay.
        if future.set_running_or_notify_cancel():
            future.set_result(None)
