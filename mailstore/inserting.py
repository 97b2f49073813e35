"""The hot write: a content, a message and an entry as plain SQL.

Beside it the same three steps in the ORM (the `orm_` functions): slower by a factor of five,
easier to read, and the oracle of the tests.
"""

from typing import Any

from mailstore import blobs, contents, sql
from mailstore.contents import Prepared
from mailstore.models import Content, Entry, Message

MAX_REFERENCES = 10  # the nearest ancestors that are looked up to find the thread

_INSERT_CONTENT = "INSERT INTO mailstore_content (sha256, size, blob, header, body) VALUES (%s, %s, %s, %s, %s)"
_INSERT_MESSAGE = (
    "INSERT INTO mailstore_message (account_id, content_id, thread_id, message_id, sent_at, subject, sender,"
    " sender_address, recipients, preview, has_attachments, envelope, body, bodystructure, structure)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
_INSERT_ENTRY = (
    "INSERT INTO mailstore_entry (account_id, mailbox_id, uid, message_id, content_id, flags, keywords, modseq,"
    " internal_date, size, has_attachments) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)


def store_content(prepared: Prepared) -> int:
    """The id of the content with these bytes, inserted if need be."""
    if not prepared.borrowed:  # nearly always new: inserted without a look
        inserted = sql.insert_new(_INSERT_CONTENT, "sha256", _content_row(prepared))
        if inserted:
            return inserted
    found = contents.lock_content(prepared.sha256)
    if found is not None:
        contents.discard_blob(prepared, found[1])
        return found[0]
    # On PostgreSQL another process may insert the same bytes at this moment, or delete them: its row counts.
    return sql.insert_new(_INSERT_CONTENT, "sha256", _content_row(prepared)) or store_content(prepared)


def _content_row(prepared: Prepared) -> tuple[Any, ...]:
    blob = prepared.blob
    if prepared.borrowed:  # and its owner was deleted since
        blob = blobs.save(prepared.sha256, prepared.body)
    return (prepared.sha256, prepared.size, blob, prepared.header, None if blob else prepared.body)


def store_message(account_id: int, content_id: int, prepared: Prepared) -> int:
    """Insert the account's message row; its id."""
    thread_id = find_thread(account_id, prepared)
    return sql.insert(_INSERT_MESSAGE, (account_id, content_id, thread_id, *prepared.columns))


def find_thread(account_id: int, prepared: Prepared) -> int:
    """The thread of the nearest ancestor that the account has (RFC 5322 section 3.6.4), 0 for none."""
    summary = prepared.summary
    if not summary.in_reply_to and not summary.references:
        return 0
    wanted = {contents.storable(name) for name in (summary.in_reply_to, *summary.references[-MAX_REFERENCES:]) if name}
    marks = ", ".join(["%s"] * len(wanted))
    found = sql.fetch_one(
        f"SELECT id, thread_id FROM mailstore_message WHERE account_id = %s AND message_id IN ({marks}) LIMIT 1",
        (account_id, *wanted),
    )
    return (found[1] or found[0]) if found else 0


def store_entry(
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
    """Put the message into a mailbox."""
    sql.execute(
        _INSERT_ENTRY,
        (
            account_id,
            mailbox_id,
            uid,
            message_row,
            content_id,
            flags,
            keywords,
            modseq,
            prepared.internal_date,
            prepared.size,
            prepared.summary.has_attachments,
        ),
    )


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
        size=prepared.size,
        has_attachments=prepared.summary.has_attachments,
    )
