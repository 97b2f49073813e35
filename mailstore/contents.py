"""Contents: the bytes of a message, stored once, and what is computed from them before the transaction."""

import hashlib
import time
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from mailformat.summary import MessageSummary, summarize
from mailstore import blobs, indexing, sql

MAX_MESSAGE_ID = 998  # characters; a line of RFC 5322 section 2.1.1
MAX_ADDRESS = 320  # RFC 3696 erratum 1690 and room for "@"
MAX_PREVIEW = 250  # the column


@dataclass(slots=True)
class Prepared:
    """A message ready to be inserted: hashed, split, summarized. Nobody changes it; frozen would cost microseconds.

    blob: where a long body is already, "" for one that goes into the row; borrowed: that blob belongs
    to a content that was there before, and may go with it at any time.
    """

    sha256: bytes
    size: int
    header: bytes
    body: bytes | memoryview
    blob: str
    borrowed: bool
    internal_date: int
    saved_at: int
    flags: int
    keywords: frozenset[str]
    summary: MessageSummary
    columns: tuple[object, ...]  # of mailstore_message, from message_id on


def prepare(
    data: bytes, flags: int, keywords: frozenset[str], internal_date: int | None, summary: MessageSummary | None
) -> Prepared:
    """Everything that needs no transaction, a long body's blob included."""
    now = int(time.time())
    arrived = now if internal_date is None else internal_date
    if summary is None:
        summary = summarize(data, arrived=arrived)
    sha256 = hashlib.sha256(data).digest()
    header, body = data[: summary.header_size], memoryview(data)[summary.header_size :]
    blob, borrowed = "", False
    if len(body) > blobs.INLINE_LIMIT:
        blob = _existing_blob(sha256)
        borrowed = bool(blob)
        blob = blob or blobs.save(sha256, body)
    return Prepared(
        sha256=sha256,
        size=len(data),
        header=header,
        body=body,
        blob=blob,
        borrowed=borrowed,
        internal_date=arrived,
        saved_at=now,
        flags=flags,
        keywords=keywords,
        summary=summary,
        columns=_columns(summary),
    )


def _columns(summary: MessageSummary) -> tuple[object, ...]:
    return (
        storable(summary.message_id)[:MAX_MESSAGE_ID],
        summary.sent_at,
        storable(summary.subject),
        storable(summary.sender),
        storable(summary.sender_address)[:MAX_ADDRESS],
        storable(summary.recipients),
        storable(summary.preview)[:MAX_PREVIEW],
        summary.has_attachments,
        summary.envelope,
        summary.body,
        summary.bodystructure,
        summary.structure,
    )


def storable(text: str) -> str:
    """Text that both databases take: no NUL (PostgreSQL), no lone surrogates (UTF-8)."""
    if text.isascii():
        return text.replace("\0", " ") if "\0" in text else text
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")


def _existing_blob(sha256: bytes) -> str:
    """The blob of a content that is there already, "" for none."""
    found = sql.fetch_one("SELECT blob FROM mailstore_content WHERE sha256 = %s", (sha256,))
    return found[0] if found else ""


def lock_content(sha256: bytes) -> tuple[int, str] | None:
    """Id and blob of a stored content, kept from being deleted until the transaction ends."""
    lock = "" if sql.is_sqlite() else " FOR KEY SHARE"
    found = sql.fetch_one(f"SELECT id, blob FROM mailstore_content WHERE sha256 = %s{lock}", (sha256,))
    return (found[0], found[1]) if found else None


def discard_blob(prepared: Prepared, stored_blob: str) -> None:
    """The content was there already: drop the blob written for nothing, behind the commit."""
    if prepared.blob and not prepared.borrowed and prepared.blob != stored_blob:
        transaction.on_commit(lambda: blobs.remove([prepared.blob]))


def delete_orphans(message_rows: Iterable[int]) -> None:
    """Delete those messages that are in no mailbox any more, and contents that no message has."""
    rows = list(message_rows)
    if not rows:
        return
    # Locked in one statement, judged in the next, which sees what the lock waited for.
    sql.fetch_all(
        f"SELECT id FROM mailstore_message WHERE {sql.among('id')} ORDER BY id" + sql.for_update(),
        (sql.integers(rows),),
    )
    contents = sql.fetch_all(
        f"DELETE FROM mailstore_message WHERE {sql.among('id')} AND NOT EXISTS"
        " (SELECT 1 FROM mailstore_entry WHERE message_id = mailstore_message.id) RETURNING content_id",
        (sql.integers(rows),),
    )
    ids = sql.integers(sorted({row[0] for row in contents}))
    sql.fetch_all(f"SELECT id FROM mailstore_content WHERE {sql.among('id')} ORDER BY id" + sql.for_update(), (ids,))
    deleted = sql.fetch_all(
        f"DELETE FROM mailstore_content WHERE {sql.among('id')} AND NOT EXISTS"
        " (SELECT 1 FROM mailstore_message WHERE content_id = mailstore_content.id) RETURNING id, blob",
        (ids,),
    )
    if deleted:
        indexing.forget(sql.integers(row[0] for row in deleted))
    names = [row[1] for row in deleted if row[1]]
    if names:
        transaction.on_commit(lambda: blobs.remove(names))
