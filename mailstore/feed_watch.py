"""Watchers: how a process hears of commits made by other processes."""

import logging
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator

import psycopg
from django.db import DatabaseError, connection

from mailstore import sql
from mailstore.errors import StoreUnavailable
from mailstore.feed import CHANNEL, Change, Feed, Watcher

log = logging.getLogger(__name__)

POLL_SECONDS = 0.02  # of PRAGMA data_version, which costs microseconds
POLL_COST_SHARE = 20  # a comparison that takes long is repeated less often: 5 % of a core at most ...
MAX_POLL_SECONDS = 0.08  # ... but a change is seen within 100 ms
CHUNK = 500  # ids in one comparison
RECONNECT_SECONDS = 1.0  # between attempts to reach PostgreSQL again
NOTIFY_WAIT_SECONDS = 0.5  # how long stop() may take


def make_watcher(feed: Feed) -> Watcher:
    """The watcher for this process's database."""
    return SqliteWatcher(feed) if sql.is_sqlite() else PostgresWatcher(feed)


class _Thread(ABC):
    """A named thread that runs watch() until stop()."""

    def __init__(self, feed: Feed) -> None:
        self.feed = feed
        self.stopped = threading.Event()
        self.ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="feed-watch", daemon=True)

    def start(self) -> None:
        """Start, and wait until commits are seen (a database that is away is not waited for)."""
        self._thread.start()
        self.ready.wait(RECONNECT_SECONDS)

    def stop(self) -> None:
        self.stopped.set()
        self._thread.join()

    def _run(self) -> None:
        while not self.stopped.is_set():
            try:
                self.watch()
            except (DatabaseError, StoreUnavailable, psycopg.Error) as error:
                log.warning("the change feed lost the database: %s", error)
                self.stopped.wait(RECONNECT_SECONDS)
            finally:
                connection.close()

    @abstractmethod
    def watch(self) -> None:
        """Tell the feed of commits until stopped; a lost database is an exception, and the next call begins anew."""


class SqliteWatcher(_Thread):
    """Polls PRAGMA data_version, which changes with any commit of another connection; then compares."""

    def __init__(self, feed: Feed) -> None:
        super().__init__(feed)
        self._accounts: dict[int, int] = {}  # account id -> Usage.changes last seen
        self._mailboxes: dict[int, int] = {}  # mailbox id -> highest MODSEQ last seen

    def watch(self) -> None:
        version = None
        known: tuple[list[int], list[int]] | None = None
        while not self.stopped.is_set():
            current = sql.fetch_one("PRAGMA data_version")
            subscribed = self.feed.subscribed()
            wait = POLL_SECONDS
            if current != version or subscribed != known:
                version, known = current, subscribed
                began = time.monotonic()
                self.compare(*subscribed)
                wait = min(MAX_POLL_SECONDS, max(POLL_SECONDS, POLL_COST_SHARE * (time.monotonic() - began)))
            self.ready.set()
            self.stopped.wait(wait)

    def compare(self, mailbox_ids: list[int], account_ids: list[int]) -> None:
        """Publish what is not as it was at the last comparison.

        A new subscription is told once: a commit may have come between it and this comparison.
        """
        modseqs = dict(_chunked("SELECT id, highest_modseq FROM mailstore_mailbox WHERE ", "id", mailbox_ids))
        changes = dict.fromkeys(account_ids, 0)  # 0: deleted
        changes.update(_chunked("SELECT account_id, changes FROM mailstore_usage WHERE ", "account_id", account_ids))
        told: list[Change] = []
        for mailbox_id in mailbox_ids:
            modseq = modseqs.get(mailbox_id, 0)  # 0: deleted
            if self._mailboxes.get(mailbox_id) != modseq:
                told.append(Change(0, mailbox_id, modseq))
        told += [Change(key, 0, 0) for key, count in changes.items() if self._accounts.get(key) != count]
        self._mailboxes = {mailbox_id: modseqs.get(mailbox_id, 0) for mailbox_id in mailbox_ids}
        self._accounts = changes
        if told:
            self.feed.publish(told)


def _chunked(statement: str, column: str, ids: list[int]) -> Iterator[tuple[int, int]]:
    for start in range(0, len(ids), CHUNK):
        rows = sql.fetch_all(statement + sql.among(column), (sql.integers(ids[start : start + CHUNK]),))
        yield from ((row[0], row[1]) for row in rows)


class PostgresWatcher(_Thread):
    """Listens on a connection of its own; the writing transactions send the notifications."""

    def watch(self) -> None:
        parameters = {k: v for k, v in connection.get_connection_params().items() if k not in _DJANGO_PARAMETERS}
        with psycopg.connect(**{**_KEEPALIVES, **parameters}, autocommit=True) as listening:
            listening.execute(f"LISTEN {CHANNEL}")
            self.feed.publish_all()  # what was missed while nobody listened
            self.ready.set()
            while not self.stopped.is_set():
                notes = listening.notifies(timeout=NOTIFY_WAIT_SECONDS, stop_after=1)
                changes = [change for note in notes for change in _parse(note.payload)]
                if changes:
                    self.feed.publish(changes)


# A listener sends nothing: without these it would not notice for two hours that the server or the way to it is gone.
_KEEPALIVES = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}  # seconds, seconds, probes
_DJANGO_PARAMETERS = ("cursor_factory", "context", "prepare_threshold")


def _parse(payload: str) -> Iterator[Change]:
    try:
        yield Change(*map(int, payload.split()))
    except (TypeError, ValueError):
        log.warning("a notification on the change feed's channel is not ours: %.50r", payload)
