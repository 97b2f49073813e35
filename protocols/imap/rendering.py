"""FETCH data items that are stored ready to send: columns of rows in, lines out, a batch at a time.

A batch is turned round (rows to columns), each column is made text in one go and one template per message joins
them: about a microsecond for an item list of five.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from protocols.imap.object_ids import EMAIL_ID, THREAD_ID
from protocols.imap.wire.dates import format_date_times
from protocols.imap.wire.flag_lists import FLAG_TEXTS, RECENT
from protocols.imap.wire.response import string

Rows = Sequence[tuple[Any, ...]]
Columns = dict[str, Sequence[Any]]


def _flags(columns: Columns) -> Iterable[bytes]:
    return [FLAG_TEXTS[key] for key in zip(columns["flags"], columns["keywords"], strict=True)]


def _internal_date(columns: Columns) -> Iterable[bytes]:
    return format_date_times(columns["internal_date"])


def _save_date(columns: Columns) -> Iterable[bytes]:
    return format_date_times(columns["saved_at"])


def _previews(columns: Columns) -> Iterable[bytes]:
    return [string(text.encode()) for text in columns["preview"]]


def _threads(columns: Columns) -> Iterable[int]:
    """A message that began its thread names itself."""
    return [thread or row for thread, row in zip(columns["thread_id"], columns["message_row"], strict=True)]


def _plain(name: str) -> Callable[[Columns], Iterable[Any]]:
    return lambda columns: columns[name]


# item -> template, columns it needs, how they become what the template takes
_ITEMS: dict[str, tuple[bytes, tuple[str, ...], Callable[[Columns], Iterable[Any]]]] = {
    "UID": (b"UID %d", ("uid",), _plain("uid")),
    "FLAGS": (b"FLAGS %b", ("flags", "keywords"), _flags),
    "INTERNALDATE": (b"INTERNALDATE %b", ("internal_date",), _internal_date),
    "RFC822.SIZE": (b"RFC822.SIZE %d", ("size",), _plain("size")),
    "ENVELOPE": (b"ENVELOPE %b", ("envelope",), _plain("envelope")),
    "BODY": (b"BODY %b", ("body",), _plain("body")),
    "BODYSTRUCTURE": (b"BODYSTRUCTURE %b", ("bodystructure",), _plain("bodystructure")),
    "MODSEQ": (b"MODSEQ (%d)", ("modseq",), _plain("modseq")),
    "SAVEDATE": (b"SAVEDATE %b", ("saved_at",), _save_date),
    "PREVIEW": (b"PREVIEW %b", ("preview",), _previews),
    "EMAILID": (EMAIL_ID, ("email_id",), _plain("email_id")),
    "THREADID": (THREAD_ID, ("message_row", "thread_id"), _threads),
    "ANNOTATION": (b"ANNOTATION %b", (), _plain("annotation")),  # no column of the store: fetching puts it there
}


class Renderer:
    """Compiled for one list of items; `columns` is what to read of the store, "uid" first."""

    def __init__(self, items: Sequence[str], extra: Iterable[str] = (), head: bytes = b"* %d FETCH (") -> None:
        self._head = head
        self.columns = tuple(dict.fromkeys(("uid", *(column for item in items for column in _ITEMS[item][1]), *extra)))
        self._inner = b" ".join(_ITEMS[item][0] for item in items)
        self._values = [_ITEMS[item][2] for item in items]

    def turn(self, rows: Rows, recent_from: int) -> Columns:
        """Rows to columns, with \\Recent among the flags."""
        columns: Columns = dict(zip(self.columns, zip(*rows, strict=True), strict=True))
        if "flags" in columns and columns["uid"][-1] >= recent_from:
            columns["flags"] = [
                mask | RECENT if uid >= recent_from else mask
                for uid, mask in zip(columns["uid"], columns["flags"], strict=True)
            ]
        return columns

    def lines(self, numbers: Sequence[int], columns: Columns) -> list[bytes]:
        """`* 3 FETCH (...)` with its CRLF, for each message."""
        return self._render(self._head + self._inner + b")\r\n", numbers, columns)

    def heads(self, numbers: Sequence[int], columns: Columns) -> list[bytes]:
        """`* 3 FETCH (...` and a space where items follow: the sections and the end are still to come."""
        return self._render(self._head + self._inner + (b" " if self._inner else b""), numbers, columns)

    def _render(self, template: bytes, numbers: Sequence[int], columns: Columns) -> list[bytes]:
        values = [value(columns) for value in self._values]
        return [template % each for each in zip(numbers, *values, strict=True)]
