"""What the event loop sends to the database threads, and what any thread sends back to the loop."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

from protocols.runtime.threads import DatabaseThreads

logger = logging.getLogger(__name__)

Done = Callable[[Any, BaseException | None], None]


class Errands:
    """Belongs to a loop. Waking it costs a system call, so it is woken once for all that is posted until it looks:
    a group commit answers all its connections in one turn of the loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, threads: DatabaseThreads) -> None:
        self._loop = loop
        self._threads = threads
        self._posted: deque[tuple[Callable[..., None], tuple[Any, ...]]] = deque()
        self._called = False

    def run(self, done: Done, job: Callable[..., Any], *args: Any) -> None:
        """Run `job` in a database thread, then `done(result, error)` on the loop."""
        self._threads.run(job, *args, callback=partial(self.post, done))

    def call(self, brief: bool, done: Done, job: Callable[..., Any], *args: Any) -> None:
        """The same; at once where the job is `brief`."""
        if not brief:
            self.run(done, job, *args)
            return
        result, error = None, None
        try:
            result = job(*args)
        except Exception as caught:
            error = caught
        done(result, error)

    def post(self, step: Callable[..., None], *args: Any) -> None:
        """From any thread: run `step` on the loop, unless that has ended."""
        self._posted.append((step, args))
        if self._called:
            return
        self._called = True
        try:
            self._loop.call_soon_threadsafe(self._take)
        except RuntimeError:
            logger.debug("a result came after the loop's end")

    def _take(self) -> None:
        self._called = False  # first: whoever posts from here on calls again
        for _ in range(len(self._posted)):
            step, args = self._posted.popleft()
            try:
                step(*args)
            except Exception:
                logger.exception("a step on the event loop failed")
