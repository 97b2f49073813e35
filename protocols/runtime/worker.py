"""The mail worker: one process with one event loop for all mail services, and the writer that commits for them."""

import asyncio
import gc
import logging
import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress

from django.db import connections

from directory import freshness
from mailstore import feed, glance, index_keeper, writer
from protocols.runtime.daily import Daily
from protocols.runtime.logs import spare_details
from protocols.runtime.mail_services import MailServices
from protocols.runtime.memory import spare_memory
from protocols.runtime.rows import read_rows
from protocols.runtime.status import POLL_SECONDS, Board, State
from protocols.runtime.threads import DatabaseThreads

logger = logging.getLogger(__name__)

# Containers made since the last collection that call for the next one (Python's own 700 come with every few messages).
# What has no cycles is freed without it.
GC_ALLOCATIONS = 20_000


def new_loop() -> asyncio.AbstractEventLoop:
    """uvloop's where it is installed (about twice the throughput), else asyncio's own."""
    with suppress(ImportError):
        import uvloop

        return uvloop.new_event_loop()
    return asyncio.new_event_loop()


class ServiceThread(threading.Thread):
    """Looks at the Service rows, applies them, writes statuses and wire records, begins the daily errands."""

    def __init__(self, services: MailServices, board: Board, names: list[str]) -> None:
        super().__init__(name="services")
        self._services = services
        self._board = board
        self._names = names
        self._daily = Daily()
        self._stop_wanted = threading.Event()

    def run(self) -> None:
        while not self._stop_wanted.wait(POLL_SECONDS):
            self._guarded(self._look)
        self._services.stop()
        for name in self._names:
            self._board.set(name, State("stopped"))
        self._guarded(self._last_words)
        connections.close_all()

    def stop(self) -> None:
        """Stop the services, then the thread; join() to wait for it."""
        self._stop_wanted.set()

    def _look(self) -> None:
        freshness.refresh_all()  # so that the event loop never waits for the policy or the certificate
        self._services.apply(read_rows(self._names))
        self._board.write()
        self._services.records.write()
        self._services.records.sweep()
        self._daily.look()

    def _last_words(self) -> None:
        self._services.records.write()
        self._board.write(at_once=True)

    def _guarded(self, action: Callable[[], None]) -> None:
        """The database may be away for a while; what listens goes on listening."""
        try:
            action()
        except Exception:
            logger.exception("The services could not be looked after just now")
            connections.close_all()


def run(names: list[str]) -> None:
    """Serve until SIGTERM, then finish what was accepted."""
    # Ctrl-C in a terminal is for the parent, which stops us in order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.current_thread().name = f"mail-{os.getpid()}"
    spare_memory()
    spare_details()
    _spare_collector()
    writer.start()
    feed.start()
    index_keeper.start()
    loop = new_loop()
    asyncio.set_event_loop(loop)
    threads = DatabaseThreads()
    board = Board()
    keeper = ServiceThread(MailServices(loop, threads, board), board, names)
    glance.prepare()
    try:
        loop.run_until_complete(_serve(loop, keeper))
    finally:
        threads.stop()
        index_keeper.stop()
        feed.stop()
        writer.stop()
        glance.leave()
        loop.close()


def _spare_collector() -> None:
    """Keep the garbage collector from the code that stays for ever, and from running every few messages."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GC_ALLOCATIONS)


async def _serve(loop: asyncio.AbstractEventLoop, keeper: ServiceThread) -> None:
    ended = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    keeper.start()
    await ended.wait()
    keeper.stop()
    await loop.run_in_executor(None, keeper.join)
