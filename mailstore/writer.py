"""The writer: what has queued up is committed together, then answered (group commit).

start() gives the process one writer thread. It takes everything queued, runs it job by job in
one transaction, commits durably, resolves the futures and tells the change feed. If a job raises,
the group is rolled back and each of its jobs runs again in a transaction of its own, so that only
the guilty one fails. A job therefore

- touches the default Django connection only, and never waits for anything else;
- may run again after a rollback: it changes no Python state but its result;
- makes its checks before its first write, if it raises a StoreError.

Without start() (web processes, commands, tests) write() is transaction.atomic() in the calling
thread; so it is inside a transaction that the calling thread has open.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from itertools import groupby
from operator import attrgetter
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from django.db import connection

from mailstore import feed, sql
from mailstore.errors import StoreError, StoreUnavailable
from mailstore.transactions import CommitFailed, committing, in_transaction, is_lost_lock, refusal, transact

T = TypeVar("T")
P = TypeVar("P")

MAX_QUEUED = 10_000  # jobs; a queue this long means minutes of waiting: better a temporary refusal
MAX_GROUP = 128  # jobs in one commit: keeps the first of them from waiting for a crowd
LOCK_RETRIES = 5  # a job that lost to a deadlock on PostgreSQL is tried again


Many = Callable[[list[Any]], list[Any]]


class _Job:
    __slots__ = ("function", "future", "item", "many", "prepare", "then")

    def __init__(
        self,
        function: Callable[..., Any],
        prepare: Callable[[], Any] | None = None,
        then: Callable[[Any], Any] | None = None,
        many: Many | None = None,
        item: Any = None,
    ) -> None:
        self.function = function
        self.prepare = prepare
        self.then = then
        self.many = many
        self.item = item
        self.future: Future[Any] = Future()


_Answer = tuple[_Job, Any, BaseException | None]


class Writer:
    """The thread and its queue."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[_Job | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self.written = 0  # jobs so far

    def start(self) -> None:
        """Start the thread; a second call does nothing."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Commit what was queued, then end the thread."""
        with self._lock:
            thread, self._thread = self._thread, None
            if thread is not None:
                self._queue.put(None)
        if thread is not None:
            thread.join()

    def enqueue(self, job: _Job) -> bool:
        """False: there is no thread, or the calling thread has a transaction open that the job belongs to."""
        if self._thread is None or in_transaction() or sql.connection().in_atomic_block:
            return False
        if self._queue.qsize() >= MAX_QUEUED:
            raise StoreUnavailable("the writer's queue is full")
        with self._lock:
            if self._thread is None:
                return False
            self._queue.put(job)
        return True

    def _run(self) -> None:
        group: list[_Job] = []
        while self._collect(group):
            group = self._prepared(group)
            if group:
                self._answer(_commit(group))
                group = []
        connection.close()

    def _collect(self, group: list[_Job]) -> bool:
        """Wait for a job, then take what else is there. False: stopped, and nothing is left."""
        job = self._queue.get()
        while job is not None:
            group.append(job)
            if len(group) >= MAX_GROUP:
                return True
            try:
                job = self._queue.get_nowait()
            except Empty:
                return True
        if group:
            self._queue.put(None)  # stop behind this group
        return bool(group)

    def _prepared(self, group: list[_Job]) -> list[_Job]:
        """Run the prepare steps, outside of the transaction."""
        ready = []
        for job in group:
            if job.prepare is not None:
                try:
                    job.function = partial(job.function, job.prepare())
                except Exception as error:
                    job.future.set_exception(refusal(error))
                    continue
                job.prepare = None
            ready.append(job)
        return ready

    def _answer(self, answers: list[_Answer]) -> None:
        self.written += len(answers)
        for job, result, failure in answers:
            _resolve(job, result, failure)


def _resolve(job: _Job, result: Any, failure: BaseException | None) -> None:
    """Tell who waits for the job; `then` has the last word about a result that is durable."""
    if failure is None and job.then is not None:
        try:
            result = job.then(result)
        except Exception as error:
            failure = error
    if failure is None:
        job.future.set_result(result)
    else:
        job.future.set_exception(refusal(failure))


def _commit(group: list[_Job]) -> list[_Answer]:
    """The group in one transaction; when a job raises, each job in its own."""
    try:
        return _run_together(group)
    except CommitFailed as error:  # the disk or the database, not a job
        connection.close()
        return [(job, None, error) for job in group]
    except Exception:
        return [answer for job in group for answer in _run_alone(job)]


def _run_together(group: list[_Job]) -> list[_Answer]:
    with committing() as changes:
        answers: list[_Answer] = []
        for many, run in groupby(group, attrgetter("many")):
            jobs = list(run)
            answers += _run_each(jobs) if many is None else _run_many(many, jobs)
    feed.publish(changes)
    return answers


def _run_each(jobs: Iterable[_Job]) -> Iterator[_Answer]:
    for job in jobs:
        result = None
        with _harmless_refusal() as refused:
            result = job.function()
        yield (job, None, refused[0]) if refused else (job, result, None)


def _run_many(many: Many, jobs: list[_Job]) -> Iterator[_Answer]:
    results = many([job.item for job in jobs])
    return ((job, result, None) for job, result in zip(jobs, results, strict=True))


def _run_alone(job: _Job) -> list[_Answer]:
    for attempt in range(LOCK_RETRIES):
        try:
            return _run_together([job])
        except Exception as error:
            if isinstance(refusal(error), StoreUnavailable):
                connection.close()
            if attempt + 1 < LOCK_RETRIES and is_lost_lock(error):
                continue
            return [(job, None, error)]
    raise AssertionError("unreachable")


@contextmanager
def _harmless_refusal() -> Iterator[list[StoreError]]:
    """Catches a StoreError of a job that has written nothing: the group need not be rolled back for it.

    Only SQLite can tell that cheaply (total_changes).
    """
    refused: list[StoreError] = []
    before = getattr(connection.connection, "total_changes", None)
    try:
        yield refused
    except StoreError as error:
        untouched = before is not None and connection.connection.total_changes == before
        if not untouched or isinstance(error, StoreUnavailable):
            raise
        refused.append(error)


_writer = Writer()
start = _writer.start
stop = _writer.stop


def count_written() -> int:
    """Jobs that the thread has done so far: whether others write is seen by how it grows."""
    return _writer.written


def _run_here(job: _Job) -> None:
    """In a transaction of the calling thread."""
    try:
        result = transact(partial(job.function, job.prepare()) if job.prepare else job.function)
    except Exception as error:
        _resolve(job, None, error)
    else:
        _resolve(job, result, None)


def submit(
    job: Callable[..., Any], *, prepare: Callable[[], Any] | None = None, then: Callable[[Any], Any] | None = None
) -> "Future[Any]":
    """Run job in the next group commit; the future resolves when it is durable.

    prepare: runs before the transaction (in the writer's thread) and its result is passed to job. then: called behind
    the commit with job's result; what it returns or raises is the future's. Raises StoreUnavailable when the queue
    is full.
    """
    made = _Job(job, prepare, then)
    if not _writer.enqueue(made):
        _run_here(made)
    return made.future


def submit_one_of_many(many: Many, item: Any, *, then: Callable[[Any], Any] | None = None) -> "Future[Any]":
    """Like submit(), for work that is cheaper together: `many(items)` is one job for the items that stand one behind
    another in the queue and gives their results in order."""
    made = _Job(lambda: many([item])[0], None, then, many, item)
    if not _writer.enqueue(made):
        _run_here(made)
    return made.future


def write(job: Callable[[], T]) -> T:
    """Run job in the next group commit and wait until it is durable; raises what the job raised."""
    made = _Job(job)
    if _writer.enqueue(made):
        return made.future.result()
    return transact(job)
