"""Plain SQL on the thread's Django connection, without the cost of Django's cursor wrapper.

Statements are written with %s; on SQLite they become "?". Errors of the kind "not now"
(disk full, database away, locked) become StoreUnavailable. Inside transaction.atomic()
the statements are part of it, for it is the same connection.
"""

import json
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from mailstore.errors import StoreUnavailable

# "Not now": never the caller's fault. IntegrityError and ProgrammingError pass through.
UNAVAILABLE = (sqlite3.OperationalError, psycopg.OperationalError, psycopg.InterfaceError)

# Of one statement: SQLite takes 32,766 (sqlite.org/limits.html), PostgreSQL's protocol 65,535.
MAX_PARAMETERS = 30_000


class _Thread(threading.local):
    """This thread's Django connection: its proxy `django.db.connection` costs a microsecond an attribute."""

    def __init__(self) -> None:
        self.connection = connections[DEFAULT_DB_ALIAS]


_thread = _Thread()


@cache
def is_sqlite() -> bool:
    """Which of the two databases this process speaks to."""
    return connections[DEFAULT_DB_ALIAS].vendor == "sqlite"


@lru_cache(maxsize=1024)
def _question_marks(statement: str) -> str:
    return statement.replace("%s", "?")


def connection() -> BaseDatabaseWrapper:
    """This thread's Django connection."""
    return _thread.connection


def forget_connection() -> None:
    """Ask Django anew: somebody took this thread's connection out of django.db.connections."""
    _thread.connection = connections[DEFAULT_DB_ALIAS]


def _sqlite() -> sqlite3.Connection:
    wrapper = _thread.connection
    if wrapper.connection is None:
        wrapper.ensure_connection()
    return wrapper.connection


def _postgresql() -> Any:
    """A cursor that binds on the server and reads binary: Django's own binds on the client, costly for bytea."""
    wrapper = _thread.connection
    if wrapper.connection is None:
        wrapper.ensure_connection()
    made = psycopg.Cursor(wrapper.connection)
    made.format = psycopg.pq.Format.BINARY
    return made


def execute(statement: str, parameters: Sequence[Any] = ()) -> Any:
    """Run one statement; the cursor has its rows, rowcount and (SQLite) lastrowid."""
    try:
        if is_sqlite():
            return _sqlite().execute(_question_marks(statement), parameters)
        return _postgresql().execute(statement, parameters, prepare=True)
    except UNAVAILABLE as error:
        raise unavailable(error) from error


def execute_many(statement: str, rows: Iterable[Sequence[Any]]) -> None:
    """Run one statement for each row of parameters."""
    try:
        if is_sqlite():
            _sqlite().executemany(_question_marks(statement), rows)
        else:
            _postgresql().executemany(statement, rows)
    except UNAVAILABLE as error:
        raise unavailable(error) from error


def fetch_all(statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows at once: nothing stays open behind it."""
    made = execute(statement, parameters)
    try:
        return made.fetchall()
    except UNAVAILABLE as error:
        raise unavailable(error) from error


def fetch_one(statement: str, parameters: Sequence[Any] = ()) -> tuple[Any, ...] | None:
    """The first row. Only for statements that give one row at most."""
    rows = fetch_all(statement, parameters)
    return rows[0] if rows else None


def insert(statement: str, parameters: Sequence[Any]) -> int:
    """Run an INSERT into a table with an `id`; the id of the new row."""
    if is_sqlite():
        return execute(statement, parameters).lastrowid
    return execute(statement + " RETURNING id", parameters).fetchone()[0]


def insert_new(statement: str, key: str, parameters: Sequence[Any]) -> int:
    """The same where a row with that unique key may be there already: then 0."""
    if is_sqlite():
        made = execute(f"{statement} ON CONFLICT ({key}) DO NOTHING", parameters)
        return made.lastrowid if made.rowcount else 0
    row = execute(f"{statement} ON CONFLICT ({key}) DO NOTHING RETURNING id", parameters).fetchone()
    return row[0] if row else 0


@lru_cache(maxsize=1024)
def _rows_of(head: str, width: int, count: int, tail: str) -> str:
    row = f"({', '.join(['%s'] * width)})"
    return f"{head} VALUES {', '.join([row] * count)}{tail}"


def insert_rows(head: str, rows: Sequence[Sequence[Any]], tail: str = "") -> int:
    """Insert rows of one width by as few statements as the databases take; how many rows went in.

    One statement for many rows spares PostgreSQL the way there and back, and on SQLite the fight for the interpreter's
    lock, which is given up and taken again around each.
    """
    inserted = 0
    at_once = MAX_PARAMETERS // len(rows[0]) if rows else 1
    for start in range(0, len(rows), at_once):
        part = rows[start : start + at_once]
        statement = _rows_of(head, len(part[0]), len(part), tail)
        inserted += execute(statement, [value for row in part for value in row]).rowcount
    return inserted


def reserve_ids(table: str, count: int) -> Sequence[int]:
    """Ids for rows that this transaction is about to insert into a table; called where writing has begun."""
    if is_sqlite():  # the one writer until the transaction ends: nobody else counts on
        last = fetch_one("SELECT seq FROM sqlite_sequence WHERE name = %s", (table,))
        first = last[0] + 1 if last else 1
        return range(first, first + count)
    rows = fetch_all("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", (table, count))
    return [row[0] for row in rows]


def unavailable(error: BaseException) -> StoreUnavailable:
    """The store's word for a database error; a broken connection is dropped so that the next call reconnects."""
    wrapper = _thread.connection
    if not wrapper.in_atomic_block and not wrapper.is_usable():
        wrapper.close()
    return StoreUnavailable(str(error))


def among(column: str) -> str:
    """The condition "column is one of these integers"; its one parameter is integers(values)."""
    if is_sqlite():
        return f"{column} IN (SELECT value FROM json_each(%s))"
    return f"{column} = ANY(%s::bigint[])"


def integers(values: Iterable[int]) -> Any:
    """The parameter for among()."""
    return json.dumps(list(values)) if is_sqlite() else list(values)


def for_update(tables: str = "") -> str:
    """The row lock of PostgreSQL. SQLite needs none: writing transactions are IMMEDIATE, one at a time."""
    if is_sqlite():
        return ""
    return f" FOR UPDATE OF {tables}" if tables else " FOR UPDATE"
