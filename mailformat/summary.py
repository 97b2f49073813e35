"""What is computed once, when a message arrives, so that reading it is a look-up."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mailformat import dates
from mailformat.addresses import mailboxes
from mailformat.attachments import has_attachments
from mailformat.bodystructure import body_fragments
from mailformat.envelope import envelope
from mailformat.headers import decode
from mailformat.limits import MAX_DISPLAY, MAX_DISPLAY_OCTETS, MAX_REFERENCES
from mailformat.preview import preview
from mailformat.scanner import scan
from mailformat.structure import dump

Fields = dict[bytes, list[bytes]]

# RFC 5322 section 3.6.4, loosely: anything in angle brackets without spaces; 998 is the longest line.
_MESSAGE_ID = re.compile(rb"<([^<>\s\x00-\x1f\x7f]{1,996})>")
_MAX_MESSAGE_ID = 996
# 64 + 1 + 255 octets (RFC 5321 section 4.5.3.1).
_MAX_ADDRESS = 320


@dataclass(slots=True)
class MessageSummary:
    """Everything about a message that lists and IMAP ask for. Sizes in octets, dates in Unix seconds.

    `envelope`, `body` and `bodystructure` are ready IMAP bytes, `structure` is for mime.load().
    Message-IDs have no angle brackets. `sender` is From's display name, or its address.
    Nobody changes it; frozen would cost 4 us a message.
    """

    header_size: int
    size: int
    envelope: bytes
    body: bytes
    bodystructure: bytes
    structure: bytes
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    sent_at: int
    subject: str
    sender: str
    sender_address: str
    recipients: str
    preview: str
    has_attachments: bool


def summarize(data: bytes, *, arrived: int = 0) -> MessageSummary:
    """The summary of any bytes; never raises. `arrived` stands in for an unusable Date."""
    root = scan(data)
    found: Fields = root.header_fields or {}
    body, bodystructure = body_fragments(data, root)
    sender, sender_address = _sender(found)
    sent_at = dates.parse(found[b"date"][0]) if b"date" in found else None
    return MessageSummary(
        header_size=root.body_start,
        size=len(data),
        envelope=envelope(found),
        body=body,
        bodystructure=bodystructure,
        structure=dump(root),
        message_id=_first_id(found, b"message-id"),
        in_reply_to=_first_id(found, b"in-reply-to"),
        references=_references(found),
        sent_at=arrived if sent_at is None else sent_at,
        subject=_display(found, b"subject"),
        sender=sender,
        sender_address=sender_address,
        recipients=_recipients(found),
        preview=preview(data, root),
        has_attachments=has_attachments(root),
    )


def _display(found: Fields, name: bytes) -> str:
    values = found.get(name)
    return decode(values[0][:MAX_DISPLAY_OCTETS])[:MAX_DISPLAY] if values else ""


def _sender(found: Fields) -> tuple[str, str]:
    for name in (b"from", b"sender"):
        for value in found.get(name, ()):
            for mailbox in mailboxes(value[:MAX_DISPLAY_OCTETS]):
                return (mailbox.name or mailbox.address)[:MAX_DISPLAY], mailbox.address[:_MAX_ADDRESS]
    return "", ""


def _recipients(found: Fields) -> str:
    names = [
        mailbox.name or mailbox.address
        for field in (b"to", b"cc")
        for value in found.get(field, ())[:1]
        for mailbox in mailboxes(value[:MAX_DISPLAY_OCTETS])
    ]
    return ", ".join(names)[:MAX_DISPLAY]


def _first_id(found: Fields, name: bytes) -> str:
    values = found.get(name)
    if not values:
        return ""
    bracketed = _MESSAGE_ID.search(values[0])
    text = bracketed[1] if bracketed else b"".join(values[0][:_MAX_MESSAGE_ID].split()).strip(b"<>")
    return decode(text)[:_MAX_MESSAGE_ID]


def _references(found: Fields) -> tuple[str, ...]:
    values = found.get(b"references")
    if not values:
        return ()
    return tuple([decode(each) for each in _MESSAGE_ID.findall(values[0])[-MAX_REFERENCES:]])
