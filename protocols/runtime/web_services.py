"""HTTP and HTTPS: a gunicorn each, on sockets that the supervisor binds and keeps.

Because the sockets are the supervisor's, it knows why one cannot be bound, a gunicorn that crashes leaves its clients
waiting instead of refused, and a restart turns nobody away.
"""

import logging
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from protocols.runtime import ports, web_environment
from protocols.runtime.door import format_address, plain_address
from protocols.runtime.mail_services import TRY_AGAIN_AFTER
from protocols.runtime.problems import CannotListen, Problem
from protocols.runtime.process import Child
from protocols.runtime.rows import Row
from protocols.runtime.status import Board, State

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Running:
    row: Row
    sockets: list[socket.socket]
    child: Child
    ready: int = -1  # the pipe that gunicorn's worker writes to once it can answer; -1: it has

    @property
    def listening(self) -> str:
        return "\n".join(format_address(*plain_address(each.getsockname())) for each in self.sockets)


class WebServices:
    """Runs on the supervisor's main thread (the kernel ties PR_SET_PDEATHSIG to the thread that started a child)."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._running: dict[str, _Running] = {}
        self._tried: dict[str, tuple[Row, float]] = {}
        self.stopping: list[subprocess.Popen[bytes]] = []

    def apply(self, rows: Iterable[Row]) -> None:
        """Start, stop, start again; the board says the outcome."""
        self.stopping = [each for each in self.stopping if each.poll() is None]
        for row in rows:
            running = self._running.get(row.name)
            if running is not None and running.row != row:
                running = self._change(running, row)
            if running is not None:
                self._look_after(running)
            elif not row.wanted:
                self._tried.pop(row.name, None)
                self._board.set(row.name, State("stopped", generation=row.generation))
            elif self._is_due(row):
                self._start(row)

    def stop(self) -> None:
        """Ask all to stop; `stopping` holds the processes to wait for."""
        for running in list(self._running.values()):
            self._stop(running)

    def _change(self, running: _Running, row: Row) -> _Running | None:
        if row.wanted and (row.port, row.addresses) == (running.row.port, running.row.addresses):
            # The same sockets: the new gunicorn accepts on them while the old one finishes.
            self._end_child(running)
            running.row = row
            self._spawn(running)
            return running
        self._stop(running)
        return None

    def _is_due(self, row: Row) -> bool:
        tried = self._tried.get(row.name)
        return tried is None or tried[0] != row or time.monotonic() > tried[1] + TRY_AGAIN_AFTER

    def _start(self, row: Row) -> None:
        try:
            sockets = ports.open_sockets(row.addresses, row.port)
        except CannotListen as error:
            if row.name not in self._tried:
                logger.warning("%s does not listen: %s", row.name, error.problem)
            self._tried[row.name] = (row, time.monotonic())
            self._board.set(row.name, State("failed", error.problem.dump(), generation=row.generation))
            return
        self._tried.pop(row.name, None)
        running = self._running[row.name] = _Running(row, sockets, self._child(row, sockets))
        self._spawn(running)

    def _child(self, row: Row, sockets: list[socket.socket]) -> Child:
        configuration = Path(settings.BASE_DIR) / "config" / "gunicorn.conf.py"
        command = [sys.executable, "-m", "gunicorn", "--config", str(configuration)]
        for each in sockets:
            command += ["--bind", f"fd://{each.fileno()}"]
        return Child(row.name, [*command, "config.asgi:application"], Path(settings.BASE_DIR))

    def _spawn(self, running: _Running) -> None:
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        running.ready = reading
        running.child.environment = {
            web_environment.SERVICE: running.row.name,
            web_environment.READY_FD: str(writing),
            web_environment.CONNECTIONS: str(running.row.max_connections),
        }
        running.child.start([writing, *(each.fileno() for each in running.sockets)])
        os.close(writing)
        state = State("starting", listening=running.listening, generation=running.row.generation)
        self._board.set(running.row.name, state)

    def _look_after(self, running: _Running) -> None:
        name, row = running.row.name, running.row
        how = running.child.failed()
        if how:
            logger.error(
                "%s ended unexpectedly (%s); starting it again in %d s", name, how, running.child.seconds_to_wait
            )
            problem = Problem("crashed", {"error": how, "seconds": running.child.seconds_to_wait})
            self._board.set(name, State("failed", problem.dump(), running.listening, row.generation))
            self._close_pipe(running)
        elif not running.child.pid:
            if time.monotonic() >= running.child.again_at:
                self._spawn(running)
        elif running.ready >= 0 and self._is_ready(running):
            self._close_pipe(running)
            self._board.set(name, State("running", listening=running.listening, generation=row.generation))

    def _is_ready(self, running: _Running) -> bool:
        try:
            return bool(os.read(running.ready, 1))
        except BlockingIOError:
            return False

    def _close_pipe(self, running: _Running) -> None:
        if running.ready >= 0:
            os.close(running.ready)
            running.ready = -1

    def _end_child(self, running: _Running) -> None:
        self._close_pipe(running)
        process = running.child.terminate()
        if process is not None:
            self.stopping.append(process)

    def _stop(self, running: _Running) -> None:
        self._end_child(running)
        ports.close(running.sockets)
        del self._running[running.row.name]
        self._board.set(running.row.name, State("stopped", generation=running.row.generation))
