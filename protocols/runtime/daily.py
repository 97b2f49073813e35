"""What a running server does once a day, in one of its workers.

Workers share the database, be they on one machine or on several: who moves an errand's date first does it. It has a
thread of its own, for a walk through all blobs may take minutes; ending in the middle does no harm.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from functools import partial

from django.db import connections

from mailstore import blobs, writer
from protocols.models import Errand

logger = logging.getLogger(__name__)

# Seconds between two times. The blobs that a sweep removes have to be as old (mailstore.blobs.SWEEP_AGE).
EVERY = 24 * 3600
# Seconds between two looks at the dates: a query each.
LOOK_EVERY = 600.0

Work = Callable[[], object]


def _sweep_blobs() -> None:
    removed = blobs.sweep()
    if removed:
        logger.info("%d blobs that no message names are removed", len(removed))


ERRANDS: Mapping[str, Work] = {"blobs": _sweep_blobs}


class Daily:
    """Of one worker. look() is called again and again, and returns at once."""

    def __init__(self, errands: Mapping[str, Work] = ERRANDS) -> None:
        self._errands = errands
        self._looked_at = -LOOK_EVERY
        self.thread: threading.Thread | None = None

    def look(self) -> None:
        """Begin what is due and what no other worker has begun."""
        now = time.monotonic()
        if now < self._looked_at + LOOK_EVERY or (self.thread is not None and self.thread.is_alive()):
            return
        self._looked_at = now
        due = [name for name in self._errands if claim(name, int(time.time()))]
        if due:
            self.thread = threading.Thread(target=self._run, args=(due,), name="daily", daemon=True)
            self.thread.start()

    def _run(self, names: list[str]) -> None:
        for name in names:
            try:
                self._errands[name]()
            except Exception:
                logger.exception("The daily errand %r failed; it is tried again tomorrow", name)
        connections.close_all()


def claim(name: str, now: int) -> bool:
    """Whether the caller is to do it: it is due, and nobody was faster."""
    return writer.write(partial(_claim, name, now))


def _claim(name: str, now: int) -> bool:
    Errand.objects.bulk_create([Errand(name=name)], ignore_conflicts=True)
    return bool(Errand.objects.filter(name=name, begun_at__lte=now - EVERY).update(begun_at=now))
