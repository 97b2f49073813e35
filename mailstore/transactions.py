"""Writing transactions, and the changes that the feed is told of behind their commit."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import psycopg
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.utils import IntegrityError

from mailstore import feed, sql
from mailstore.errors import StoreUnavailable
from mailstore.feed import Change

T = TypeVar("T")

LOCK_RETRIES = 5  # a transaction that lost to a deadlock on PostgreSQL is tried again
_LOST_LOCK = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure)


class CommitFailed(StoreUnavailable):
    """COMMIT itself failed: nobody's job is guilty."""


class _Local(threading.local):
    """changes: (account id, mailbox id) -> modseq of the transaction open in this thread; None outside."""

    changes: dict[tuple[int, int], int] | None = None


_local = _Local()


def in_transaction() -> bool:
    """Whether this thread runs a job of the store now."""
    return _local.changes is not None


def changed(account_id: int, mailbox_id: int = 0, modseq: int = 0) -> None:
    """Said by who changes a mailbox (0: the account's list of mailboxes), inside the transaction."""
    if _local.changes is None:
        raise RuntimeError("a mailbox may only be changed in a job of mailstore.writer")
    _local.changes[account_id, mailbox_id] = modseq


@contextmanager
def committing() -> Iterator[list[Change]]:
    """A durable transaction. The list is filled at commit, for feed.publish."""
    collected: dict[tuple[int, int], int] = {}
    changes: list[Change] = []
    block = transaction.atomic()
    _local.changes = collected
    try:
        block.__enter__()
        try:
            yield changes
            changes.extend(Change(*key, modseq) for key, modseq in collected.items())
            notify(changes)
        except BaseException:
            block.__exit__(*sys.exc_info())
            raise
        try:
            block.__exit__(None, None, None)
        except (OperationalError, InterfaceError) as error:
            raise CommitFailed(str(error)) from error
    finally:
        _local.changes = None


def notify(changes: list[Change]) -> None:
    """Tell the other processes: PostgreSQL sends it with the commit. On SQLite they poll."""
    if changes and not sql.is_sqlite():
        values = ",".join(["(%s)"] * len(changes))
        payloads = [f"{change.account_id} {change.mailbox_id} {change.modseq}" for change in changes]
        sql.execute(f"SELECT pg_notify('{feed.CHANNEL}', v) FROM (VALUES {values}) AS changes(v)", payloads)


def transact(job: Callable[[], T]) -> T:
    """Run job in a transaction of the calling thread, or in the one that it has open."""
    if in_transaction():
        return job()
    if connection.in_atomic_block:
        return _transact_once(job)
    for _ in range(LOCK_RETRIES - 1):
        try:
            return _transact_once(job)
        except Exception as error:
            if not is_lost_lock(error):
                raise
    return _transact_once(job)


def _transact_once(job: Callable[[], T]) -> T:
    try:
        with committing() as changes:
            result = job()
            transaction.on_commit(lambda: feed.publish(changes))
    except Exception as error:
        refused = refusal(error)
        if refused is error:
            raise
        raise refused from error
    return result


def refusal(error: BaseException) -> BaseException:
    """StoreUnavailable for "not now" errors of the database; other errors as they are."""
    if isinstance(error, (OperationalError, InterfaceError, *sql.UNAVAILABLE)):
        unavailable = StoreUnavailable(str(error))
        unavailable.__cause__ = error
        return unavailable
    return error


def is_lost_lock(error: BaseException | None) -> bool:
    """Whether the transaction was the victim of a deadlock, or met a row that went away: run it again."""
    while error is not None:
        if isinstance(error, (*_LOST_LOCK, IntegrityError)):
            return True
        error = error.__cause__
    return False
