"""Ascending UIDs as a condition of SQL, and in pieces."""

from collections.abc import Iterator, Sequence
from typing import Any

from mailstore import sql


def among_uids(uids: Sequence[int], column: str = "uid") -> tuple[str, tuple[Any, ...]]:
    """The condition that a row's uid is one of these ascending ones, and its parameters; a range where they are one:
    that is walked, not looked up one by one."""
    if uids and uids[-1] - uids[0] + 1 == len(uids):
        return f"{column} BETWEEN %s AND %s", (uids[0], uids[-1])
    return sql.among(column), (sql.integers(uids),)


def pieces(uids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """At most `size` at a time; one empty piece where there are none, so that what is done with each is done once."""
    yield uids[:size]
    for start in range(size, len(uids), size):
        yield uids[start : start + size]
