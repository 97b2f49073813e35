"""The mail worker's listeners, kept as the Service rows want them."""

import asyncio
import logging
import ssl
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future

from protocols.runtime import limits, ports
from protocols.runtime.catalogue import CATALOGUE, Encryption
from protocols.runtime.connection import Connection
from protocols.runtime.listener import Listener
from protocols.runtime.problems import CannotListen, Problem
from protocols.runtime.records import WireRecords
from protocols.runtime.registry import session_class
from protocols.runtime.rows import Row
from protocols.runtime.session import Session
from protocols.runtime.status import Board, State
from protocols.runtime.threads import DatabaseThreads

logger = logging.getLogger(__name__)

# Seconds until a service that could not listen tries again by itself: the port's owner may have ended.
TRY_AGAIN_AFTER = 5.0


class MailServices:
    """Runs on the worker's service thread; listeners live on the loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, threads: DatabaseThreads, board: Board) -> None:
        self._loop = loop
        self._threads = threads
        self._board = board
        self.records = WireRecords()
        self._listeners: dict[str, tuple[Listener, Row]] = {}
        self._tried: dict[str, tuple[Row, float]] = {}
        self._stopping: list[Future[None]] = []

    def apply(self, rows: Iterable[Row]) -> None:
        """Start, stop and adjust; the board says the outcome."""
        self._stopping = [each for each in self._stopping if not each.done()]
        for row in rows:
            running = self._listeners.get(row.name)
            if running is not None and (not row.wanted or running[1].generation != row.generation):
                self._stop(row.name)
                running = None
            if running is not None:
                running[0].max_connections = row.max_connections
                running[0].max_per_address = row.max_connections_per_address
                self._board.states[row.name].connections = running[0].connections
            elif not row.wanted:
                self._tried.pop(row.name, None)
                self._board.set(row.name, State("stopped", generation=row.generation))
            elif self._is_due(row):
                self._start(row)

    def stop(self) -> None:
        """Stop all, and wait until they have."""
        for name in list(self._listeners):
            self._stop(name)
        for each in self._stopping:
            each.result()

    def _is_due(self, row: Row) -> bool:
        tried = self._tried.get(row.name)
        return tried is None or tried[0] != row or time.monotonic() > tried[1] + TRY_AGAIN_AFTER

    def _start(self, row: Row) -> None:
        sockets = []
        try:
            listener = self._make(row)
            sockets = ports.open_sockets(row.addresses, row.port)
        except CannotListen as error:
            if row.name not in self._tried:
                logger.warning("%s does not listen: %s", row.name, error.problem)
            self._tried[row.name] = (row, time.monotonic())
            self._board.set(row.name, State("failed", error.problem.dump(), generation=row.generation))
            return
        self._tried.pop(row.name, None)
        asyncio.run_coroutine_threadsafe(_call(lambda: listener.start(sockets)), self._loop).result()
        self._listeners[row.name] = (listener, row)
        where = "\n".join(listener.addresses)
        self._board.set(row.name, State("running", listening=where, generation=row.generation))

    def _make(self, row: Row) -> Listener:
        found = session_class(row.name)
        context = _tls_context()
        return Listener(
            row.name,
            found,
            self._threads,
            refusal=found.refusal,
            tls=lambda: context,
            implicit_tls=CATALOGUE[row.name].encryption is Encryption.TLS,
            max_connections=row.max_connections,
            max_per_address=row.max_connections_per_address,
            ended=self._ended,
        )

    def _ended(self, connection: Connection, session: Session) -> None:
        # Who never said a word only looked whether the port is open.
        if connection.received:
            self.records.add(connection.peer, session.wire_facts(), connection.started_at, connection.received)

    def _stop(self, name: str) -> None:
        """The sockets are closed when this returns; clients get their farewell meanwhile."""
        listener, row = self._listeners.pop(name)
        asyncio.run_coroutine_threadsafe(_call(listener.close_sockets), self._loop).result()
        self._stopping.append(asyncio.run_coroutine_threadsafe(listener.stop(limits.STOP_SECONDS), self._loop))
        self._board.set(name, State("stopped", generation=row.generation))


async def _call(action: Callable[[], None]) -> None:
    action()


def _tls_context() -> ssl.SSLContext:
    """The process's context; it follows the active certificate by itself."""
    from security.tls import server_context

    try:
        return server_context()
    except Exception as error:
        logger.exception("No TLS context")
        raise CannotListen(Problem("certificate", {"error": type(error).__name__})) from error
