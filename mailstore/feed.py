"""The change feed: somebody changed this mailbox, or this account; ask changes_since() what.

Wake-ups are hints. A commit of this process is told right behind it (publish); commits of
other processes are seen by a watcher (mailstore.feed_watch) within 100 ms: PRAGMA data_version
is polled on SQLite, LISTEN on PostgreSQL. Callbacks run on the feed's own thread, must not
block, and may come once too often.
"""

import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from queue import SimpleQueue
from typing import NamedTuple, Protocol

CHANNEL = "facteur_changes"  # of PostgreSQL LISTEN and NOTIFY

log = logging.getLogger(__name__)

Callback = Callable[[], None]
Unsubscribe = Callable[[], None]


class Watcher(Protocol):
    """What tells of other processes' commits."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


class Change(NamedTuple):
    """A committed change. mailbox_id 0: the account's list of mailboxes changed."""

    account_id: int
    mailbox_id: int
    modseq: int


class Feed:
    """The subscriptions of one process and the threads that serve them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._mailboxes: dict[int, set[Callback]] = defaultdict(set)
        self._accounts: dict[int, set[Callback]] = defaultdict(set)
        # The last state told: the highest modseq of a mailbox. Keeps a change from being told twice.
        self._told: dict[int, int] = {}
        self._queue: SimpleQueue[list[Change] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._watcher: Watcher | None = None

    def start(self) -> None:
        """Start the feed's threads in this process (once; a second call does nothing)."""
        from mailstore.feed_watch import make_watcher

        with self._lock:
            if self._thread is not None:
                return
            self._queue = SimpleQueue()
            self._thread = threading.Thread(target=self._dispatch, name="feed", daemon=True)
            self._thread.start()
            self._watcher = make_watcher(self)
        self._watcher.start()

    def stop(self) -> None:
        """Stop the threads; subscriptions stay."""
        with self._lock:
            thread, watcher = self._thread, self._watcher
            self._thread = self._watcher = None
        if watcher is not None:
            watcher.stop()
        if thread is not None:
            self._queue.put(None)
            thread.join()

    def subscribe(self, table: dict[int, set[Callback]], key: int, callback: Callback) -> Unsubscribe:
        with self._lock:
            table[key].add(callback)

        def unsubscribe() -> None:
            with self._lock:
                callbacks = table.get(key)
                if callbacks is None:
                    return
                callbacks.discard(callback)
                if not callbacks:
                    del table[key]
                    if table is self._mailboxes:
                        self._told.pop(key, None)

        return unsubscribe

    def subscribe_mailbox(self, mailbox_id: int, callback: Callback) -> Unsubscribe:
        return self.subscribe(self._mailboxes, mailbox_id, callback)

    def subscribe_account(self, account_id: int, callback: Callback) -> Unsubscribe:
        return self.subscribe(self._accounts, account_id, callback)

    def subscribed(self) -> tuple[list[int], list[int]]:
        """Mailbox ids and account ids that somebody waits for."""
        with self._lock:
            return list(self._mailboxes), list(self._accounts)

    def publish(self, changes: Iterable[Change]) -> None:
        """Committed changes, to be told to the subscribers. Returns at once."""
        # Most deliveries go to mailboxes that nobody watches: no need to wake the thread for them.
        wanted = [each for each in changes if each.mailbox_id in self._mailboxes or each.account_id in self._accounts]
        if wanted and self._thread is not None:
            self._queue.put(wanted)

    def publish_all(self) -> None:
        """Wake everybody: something may have been missed."""
        mailboxes, accounts = self.subscribed()
        self.publish([Change(0, mailbox_id, 0) for mailbox_id in mailboxes] + [Change(key, 0, 0) for key in accounts])

    def _dispatch(self) -> None:
        while (changes := self._queue.get()) is not None:
            for callback in self._callbacks(changes):
                try:
                    callback()
                except Exception:
                    log.exception("a change feed callback failed")

    def _callbacks(self, changes: list[Change]) -> set[Callback]:
        wanted: set[Callback] = set()
        with self._lock:
            for account_id, mailbox_id, modseq in changes:
                if mailbox_id in self._mailboxes:
                    if modseq and self._told.get(mailbox_id, 0) >= modseq:
                        continue  # the watcher saw it as well
                    if modseq:
                        self._told[mailbox_id] = modseq
                    wanted |= self._mailboxes[mailbox_id]
                if account_id in self._accounts:
                    wanted |= self._accounts[account_id]
        return wanted


_feed = Feed()
start = _feed.start
stop = _feed.stop
publish = _feed.publish


def subscribe_mailbox(mailbox_id: int, callback: Callback) -> Unsubscribe:
    """Call back when messages or flags of the mailbox changed, or it was deleted."""
    return _feed.subscribe_mailbox(mailbox_id, callback)


def subscribe_account(account_id: int, callback: Callback) -> Unsubscribe:
    """Call back when any of the account's mailboxes changed, or was created, renamed or deleted."""
    return _feed.subscribe_account(account_id, callback)
