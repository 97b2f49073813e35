"""Values read from the database so often that they are kept, and so important that they are never old.

A kept value is void at once when this process changes something (directory.changes) and after
MAX_AGE otherwise, which is how changes made by other processes come through.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import connections

from directory import changes

# Seconds within which every process follows a change made by another one (the promise is one second).
MAX_AGE = 0.5
# On an event loop the reading thread is waited for this long at most; then the old value serves once more.
LOOP_PATIENCE = 2.0

T = TypeVar("T")


class Kept(Generic[T]):
    """One value and the function that reads it."""

    def __init__(self, load: Callable[[], T]) -> None:
        self._load = load
        self._kept: tuple[int, float, T] | None = None
        _all.append(self)

    def get(self) -> T:
        """The value, read again when it may be old. May be called on an event loop."""
        kept = self._kept
        if kept is not None and kept[0] == changes.generation() and time.monotonic() < kept[1]:
            return kept[2]
        return self.refresh()

    def refresh(self) -> T:
        """Read now. A change while reading leaves the value void, because the generation was taken before."""
        generation = changes.generation()
        value = self._load_off_loop() if _on_event_loop() else self._load()
        self._kept = (generation, time.monotonic() + MAX_AGE, value)
        return value

    def forget(self) -> None:
        self._kept = None

    def _load_off_loop(self) -> T:
        """Django refuses queries on a thread with a running loop: a short-lived thread asks."""
        result: list[T] = []

        def ask() -> None:
            try:
                result.append(self._load())
            finally:
                connections.close_all()

        thread = threading.Thread(target=ask, name="freshness", daemon=True)
        thread.start()
        thread.join(LOOP_PATIENCE)
        if result:
            return result[0]
        if self._kept is not None:
            return self._kept[2]
        raise RuntimeError("the database did not answer in time")


K = TypeVar("K")
# Accounts kept at once: far above the people of a school, a few megabytes at worst.
MAX_ENTRIES = 10_000


class KeptByKey(Generic[K, T]):
    """The same for one row among many. On an event loop only find() may be asked."""

    def __init__(self, load: Callable[[K], T]) -> None:
        self._load = load
        self._kept: dict[K, tuple[int, float, T]] = {}
        on_forget(self._kept.clear)

    def find(self, key: K) -> T | None:
        """The value if it is kept and cannot be old; reads nothing."""
        kept = self._kept.get(key)
        if kept is not None and kept[0] == changes.generation() and time.monotonic() < kept[1]:
            return kept[2]
        return None

    def get(self, key: K) -> T:
        kept = self._kept.get(key)
        if kept is not None and kept[0] == changes.generation() and time.monotonic() < kept[1]:
            return kept[2]
        generation = changes.generation()
        value = self._load(key)
        if len(self._kept) >= MAX_ENTRIES:
            self._kept.clear()
        self._kept[key] = (generation, time.monotonic() + MAX_AGE, value)
        return value


_all: list[Kept] = []
_forgetters: list[Callable[[], None]] = []


def on_forget(forget: Callable[[], None]) -> None:
    """Have forget_all() empty another cache as well."""
    _forgetters.append(forget)


def refresh_all() -> None:
    """Read every kept value now. A server calls this from a database thread about twice a second, so that
    its event loop never has to wait for a reading."""
    for kept in _all:
        kept.refresh()


def forget_all() -> None:
    """Drop everything kept: between tests, and after a fork."""
    changes.bump()
    for kept in _all:
        kept.forget()
    for forget in _forgetters:
        forget()


def _on_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
