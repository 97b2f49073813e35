"""The parent of all: one mail worker, a gunicorn for each web service, and their lives.

Kept simple on purpose: one thread that looks four times a second at the rows, at its children, and at the signals.
"""

import logging
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connections

from protocols.runtime import limits, status
from protocols.runtime.catalogue import CATALOGUE, Process, ensure_rows
from protocols.runtime.problems import Problem
from protocols.runtime.process import Child, allow_many_files, on_signals, wait_or_kill
from protocols.runtime.rows import apply_startup, read_rows
from protocols.runtime.services import ServiceView, list_services
from protocols.runtime.static_files import gather_if_outdated
from protocols.runtime.status import POLL_SECONDS, Board, State
from protocols.runtime.web_services import WebServices

logger = logging.getLogger(__name__)

# Seconds that children get beyond their own deadline before they are killed.
GRACE = 4.0
# Seconds after which the table is printed even if a service has not said how it fares.
PATIENCE = 60.0


class Supervisor:
    """Runs the services named until it is asked to stop."""

    def __init__(self, names: list[str], report: Callable[[list[ServiceView]], None]) -> None:
        self._mail = [name for name in names if CATALOGUE[name].process is Process.MAIL]
        self._web = [name for name in names if CATALOGUE[name].process is Process.WEB]
        self._names = names
        self._report: Callable[[list[ServiceView]], None] | None = report
        self._board = Board()
        self._web_services = WebServices(self._board)
        worker = [sys.executable, "manage.py", "mailworker", *self._mail]
        self._worker = Child("mail", worker, Path(settings.BASE_DIR))
        self._stop_wanted = threading.Event()
        self._started_at = 0.0

    def run(self) -> None:
        """Returns after everything has stopped."""
        on_signals(self._stop_wanted.set)
        allow_many_files()  # children inherit it
        self._prepare()
        try:
            while not self._stop_wanted.wait(POLL_SECONDS):
                self._look()
        finally:
            self._stop()

    def _prepare(self) -> None:
        ensure_rows()
        apply_startup()
        status.forget(list(CATALOGUE))
        if self._web:
            gather_if_outdated()
        self._started_at = time.monotonic()
        if self._mail:
            self._worker.start()
        self._look()

    def _look(self) -> None:
        """The database may be away for a while; what runs goes on running."""
        try:
            self._mind_worker()
            self._web_services.apply(read_rows(self._web))
            if self._board.states:
                self._board.write()
            if self._report is not None:
                self._report_when_settled()
        except Exception:
            logger.exception("The services could not be looked after just now")
            connections.close_all()

    def _mind_worker(self) -> None:
        if not self._mail:
            return
        how = self._worker.failed()
        if how:
            seconds = self._worker.seconds_to_wait
            logger.error("The mail worker ended unexpectedly (%s); starting it again in %d s", how, seconds)
            reason = Problem("crashed", {"error": how, "seconds": seconds}).dump()
            for row in read_rows(self._mail):
                self._board.set(row.name, State("failed", reason, generation=row.generation))
        elif not self._worker.pid and time.monotonic() >= self._worker.again_at:
            for name in self._mail:
                self._board.states.pop(name, None)  # from here on the worker speaks for itself
            self._worker.start()

    def _report_when_settled(self) -> None:
        views = [view for view in list_services() if view.name in self._names]
        settled = all(view.spoken and view.settled for view in views)
        if settled or time.monotonic() > self._started_at + PATIENCE:
            assert self._report is not None
            self._report(views)
            self._report = None

    def _stop(self) -> None:
        self._web_services.stop()
        processes = list(self._web_services.stopping)
        worker = self._worker.terminate()
        if worker is not None:
            processes.append(worker)
        wait_or_kill(processes, limits.STOP_SECONDS + GRACE)
        try:
            status.forget(list(CATALOGUE))
        except Exception:
            logger.exception("The last states could not be taken back")
        connections.close_all()
