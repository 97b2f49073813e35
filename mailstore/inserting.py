"""The hot write: contents, messages and entries as plain SQL.

Beside it the same three steps in the ORM (the `orm_` functions): slower by a factor of five,
easier to read, and the oracle of the tests.
"""

from collections.abc import Collection, Sequence
from typing import Any

from mailstore import blobs, contents, sql
from mailstore.contents import Prepared
from mailstore.models import Content, Entry, Message

MAX_REFERENCES = 10  # the nearest ancestors that are looked up to find the thread

_INSERT_CONTENT = "INSERT INTO mailstore_content (id, sha256, size, blob, header, body)"
_INSERT_MESSAGE = (
    "INSERT INTO mailstore_message (id, account_id, content_id, thread_id, message_id, sent_at, subject, sender,"
    " sender_address, recipients, preview, has_attachments, envelope, body, bodystructure, structure)"
)
_INSERT_ENTRY = (
    "INSERT INTO mailstore_entry (account_id, mailbox_id, uid, message_id, content_id, flags, keywords, modseq,"
    " internal_date, saved_at, size, has_attachments)"
)
_UNLESS_THERE = " ON CONFLICT (sha256) DO NOTHING"


class Insertion:
    """New messages of one transaction: collected first, then written by one statement a table."""

    def __init__(self) -> None:
        self._messages: list[tuple[int, Prepared]] = []
        self._entries: list[tuple[int, int, int, int, int, int, str]] = []

    def add_message(self, account_id: int, prepared: Prepared) -> int:
        """A message row for the account; its place among those of this insertion."""
        self._messages.append((account_id, prepared))
        return len(self._messages) - 1

    def add_entry(self, message: int, mailbox_id: int, uid: int, modseq: int, flags: int, keywords: str) -> None:
        """Put a message into a mailbox."""
        self._entries.append((message, self._messages[message][0], mailbox_id, uid, modseq, flags, keywords))

    def write(self) -> None:
        """Called once, in the transaction; raises StoreUnavailable."""
        if not self._messages:
            return
        content_ids = store_contents([prepared for _, prepared in self._messages])
        message_ids = sql.reserve_ids("mailstore_message", len(self._messages))
        threads = find_threads(self._messages, message_ids)
        sql.insert_rows(
            _INSERT_MESSAGE,
            [
                (message_id, account_id, content_ids[prepared.sha256], thread_id, *prepared.columns)
                for (account_id, prepared), message_id, thread_id in zip(
                    self._messages, message_ids, threads, strict=True
                )
            ],
        )
        sql.insert_rows(_INSERT_ENTRY, [self._entry_row(entry, message_ids, content_ids) for entry in self._entries])

    def _entry_row(
        self,
        entry: tuple[int, int, int, int, int, int, str],
        message_ids: Sequence[int],
        content_ids: dict[bytes, int],
    ) -> tuple[Any, ...]:
        message, account_id, mailbox_id, uid, modseq, flags, keywords = entry
        prepared = self._messages[message][1]
        return (
            account_id, mailbox_id, uid, message_ids[message], content_ids[prepared.sha256], flags, keywords, modseq,
            prepared.internal_date, prepared.saved_at, prepared.size, prepared.summary.has_attachments,
        )  # fmt: skip


def store_contents(every: Sequence[Prepared]) -> dict[bytes, int]:
    """sha256 -> the id of the content with these bytes, inserted if need be."""
    fresh: dict[bytes, Prepared] = {}
    for prepared in every:
        if not prepared.borrowed:
            fresh.setdefault(prepared.sha256, prepared)
    ids = dict(zip(fresh, sql.reserve_ids("mailstore_content", len(fresh)), strict=True)) if fresh else {}
    rows = [(ids[sha256], *_content_row(prepared)) for sha256, prepared in fresh.items()]
    # Nearly always new: inserted without a look.
    if rows and sql.insert_rows(_INSERT_CONTENT, rows, _UNLESS_THERE) < len(rows):
        there = f"SELECT sha256 FROM mailstore_content WHERE {sql.among('id')}"
        inserted = {bytes(row[0]) for row in sql.fetch_all(there, (sql.integers(ids.values()),))}
        ids = {sha256: content_id for sha256, content_id in ids.items() if sha256 in inserted}
    for prepared in every:
        if prepared.sha256 not in ids or fresh.get(prepared.sha256) is not prepared:
            ids[prepared.sha256] = _content_that_is_there(prepared)
    return ids


def _content_that_is_there(prepared: Prepared) -> int:
    """The id of a content that was stored before this one; a blob written for nothing goes."""
    found = contents.lock_content(prepared.sha256)
    if found is not None:
        contents.discard_blob(prepared, found[1])
        return found[0]
    # On PostgreSQL another process may delete these bytes at this moment, or have inserted them: its row counts.
    (content_id,) = sql.reserve_ids("mailstore_content", 1)
    inserted = sql.insert_rows(_INSERT_CONTENT, [(content_id, *_content_row(prepared))], _UNLESS_THERE)
    return content_id if inserted else _content_that_is_there(prepared)


def _content_row(prepared: Prepared) -> tuple[Any, ...]:
    blob = prepared.blob
    if prepared.borrowed:  # and its owner was deleted since
        blob = blobs.save(prepared.sha256, prepared.body)
    return (prepared.sha256, prepared.size, blob, prepared.header, None if blob else prepared.body)


def find_threads(messages: Sequence[tuple[int, Prepared]], message_ids: Sequence[int]) -> list[int]:
    """The thread of each: that of its nearest ancestor which the account has (RFC 5322 section 3.6.4), 0 for none.

    The ancestor may stand among these messages, before its answer.
    """
    wanted = [_ancestors(prepared) for _, prepared in messages]
    looked_for: dict[int, set[str]] = {}
    for (account_id, _), names in zip(messages, wanted, strict=True):
        if names:
            looked_for.setdefault(account_id, set()).update(names)
    known: dict[tuple[int, str], tuple[int, int]] = {}
    for account_id, every in looked_for.items():
        known |= _stored_ancestors(account_id, every)
    threads = []
    for (account_id, prepared), message_id, names in zip(messages, message_ids, wanted, strict=True):
        found = next((known[account_id, name] for name in names if (account_id, name) in known), None)
        threads.append((found[1] or found[0]) if found else 0)
        if own := prepared.columns[0]:
            known.setdefault((account_id, str(own)), (message_id, threads[-1]))
    return threads


def _ancestors(prepared: Prepared) -> list[str]:
    """Message-IDs, the nearest first."""
    summary = prepared.summary
    if not summary.in_reply_to and not summary.references:
        return []
    names = (summary.in_reply_to, *reversed(summary.references[-MAX_REFERENCES:]))
    return [contents.storable(name) for name in names if name]


def _stored_ancestors(account_id: int, names: Collection[str]) -> dict[tuple[int, str], tuple[int, int]]:
    """(account, Message-ID) -> (id, thread) of the oldest message of that name."""
    marks = ", ".join(["%s"] * len(names))
    rows = sql.fetch_all(
        "SELECT message_id, id, thread_id FROM mailstore_message"
        f" WHERE account_id = %s AND message_id IN ({marks}) ORDER BY id DESC",
        (account_id, *names),
    )
    return {(account_id, name): (row_id, thread_id) for name, row_id, thread_id in rows}


def orm_store_content(prepared: Prepared) -> int:
    """store_content in the ORM."""
    content, _ = Content.objects.get_or_create(
        sha256=prepared.sha256,
        defaults={
            "size": prepared.size,
            "blob": prepared.blob,
            "header": prepared.header,
            "body": None if prepared.blob else prepared.body,
        },
    )
    return content.pk


def orm_store_message(account_id: int, content_id: int, prepared: Prepared) -> int:
    """store_message in the ORM."""
    summary = prepared.summary
    ancestor = (
        Message.objects.filter(account_id=account_id, message_id__in=[summary.in_reply_to, *summary.references])
        .exclude(message_id="")
        .first()
    )
    message = Message(account_id=account_id, content_id=content_id)
    message.thread_id = (ancestor.thread_id or ancestor.pk) if ancestor else 0
    for name in ("message_id", "subject", "sender", "sender_address", "recipients", "preview"):
        setattr(message, name, contents.storable(getattr(summary, name)))
    for name in ("sent_at", "has_attachments", "envelope", "body", "bodystructure", "structure"):
        setattr(message, name, getattr(summary, name))
    message.save(force_insert=True)
    return message.pk


def orm_store_entry(
    account_id: int,
    mailbox_id: int,
    uid: int,
    modseq: int,
    message_row: int,
    content_id: int,
    prepared: Prepared,
    flags: int,
    keywords: str,
) -> None:
    """store_entry in the ORM."""
    Entry.objects.create(
        account_id=account_id,
        mailbox_id=mailbox_id,
        uid=uid,
        message_id=message_row,
        content_id=content_id,
        flags=flags,
        keywords=keywords,
        modseq=modseq,
        internal_date=prepared.internal_date,
        saved_at=prepared.saved_at,
        size=prepared.size,
        has_attachments=prepared.summary.has_attachments,
    )
