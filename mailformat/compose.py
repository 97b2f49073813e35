"""Writing messages: what the webmail sends (RFC 5322, 2045-2047, 2231, 2387)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo

from mailformat import dates
from mailformat.addresses import Mailbox
from mailformat.composebodies import encode_attachment, encode_text
from mailformat.composeheaders import address_field, fold, ids_field, parameter, text_field

_CONTENT_TYPE = re.compile(r"([A-Za-z0-9!#$&^_.+-]{1,127})/([A-Za-z0-9!#$&^_.+-]{1,127})")  # RFC 6838 section 4.2
_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([A-Za-z0-9._:+-]{1,40})", re.IGNORECASE)
_NOT_IN_CID = re.compile(r"[^!-;=?-~]+")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file. With a `content_id` (no brackets) and an HTML body it is a picture that the HTML shows (`cid:`)."""

    filename: str
    content_type: str
    data: bytes
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to be written. Message-IDs without angle brackets; `date` in Unix seconds, shown in `tz`."""

    from_: Mailbox
    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    bcc: tuple[Mailbox, ...] = ()
    subject: str = ""
    text: str = ""
    html: str | None = None
    attachments: tuple[Attachment, ...] = ()
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    message_id: str = ""
    date: int = 0
    tz: tzinfo = UTC


def build(draft: Draft, *, with_bcc: bool = False) -> bytes:
    """The message as wire bytes: CRLF, no line over 998 octets, 7-bit except for what an attached
    message brings along. Bcc is left out (RFC 5322 section 3.6.3) unless `with_bcc`, for a saved draft."""
    header = _header(draft, with_bcc)
    return header.encode("utf-8", "replace") + b"MIME-Version: 1.0\r\n" + _content(draft)


def _header(draft: Draft, with_bcc: bool) -> str:
    out = [f"Date: {dates.format_rfc5322(draft.date, draft.tz)}\r\n", address_field("From", [draft.from_])]
    for name, mailboxes in (("To", draft.to), ("Cc", draft.cc), ("Bcc", draft.bcc if with_bcc else ())):
        if mailboxes:
            out.append(address_field(name, mailboxes))
    out.append(text_field("Subject", draft.subject))
    if draft.message_id:
        out.append(ids_field("Message-ID", [draft.message_id]))
    if draft.in_reply_to:
        out.append(ids_field("In-Reply-To", [draft.in_reply_to]))
    if draft.references:
        out.append(ids_field("References", draft.references))
    return "".join(out)


def _content(draft: Draft) -> bytes:
    """The MIME entity: mixed(alternative(text, related(html, pictures)), files), as far as needed."""
    entity = _text_entity("plain", draft.text)
    files = list(draft.attachments)
    if draft.html is not None:
        html = _text_entity("html", draft.html)
        pictures = [item for item in files if item.content_id]
        files = [item for item in files if not item.content_id]
        if pictures:
            shown = [_file_entity(item, inline=True) for item in pictures]
            html = _multipart("related", [html, *shown], ['type="text/html"'])
        entity = _multipart("alternative", [entity, html])
    if files:
        entity = _multipart("mixed", [entity, *[_file_entity(item, inline=False) for item in files]])
    return entity


def _text_entity(subtype: str, text: str) -> bytes:
    charset, encoding, body = encode_text(text)
    return _entity([f"Content-Type: text/{subtype}; charset={charset}\r\n"], encoding, body)


def _file_entity(item: Attachment, *, inline: bool) -> bytes:
    kind = _CONTENT_TYPE.match(item.content_type)
    content_type = kind.group().lower() if kind else "application/octet-stream"
    if content_type.startswith("multipart/"):
        content_type = "application/octet-stream"
    content_type, encoding, body = encode_attachment(content_type, item.data)
    charset = _CHARSET.search(item.content_type) if content_type.startswith("text/") else None
    described = [f"charset={charset[1]}"] if charset else []
    named = parameter("filename", item.filename) if item.filename else []
    disposition = "inline" if inline else "attachment"
    fields = [_parameterized("Content-Type", content_type, described)]
    fields.append(_parameterized("Content-Disposition", disposition, named))
    if item.content_id:
        fields.append(f"Content-ID: <{_NOT_IN_CID.sub('', item.content_id)}>\r\n")
    return _entity(fields, encoding, body)


def _entity(fields: Sequence[str], encoding: str, body: bytes) -> bytes:
    return f"{''.join(fields)}Content-Transfer-Encoding: {encoding}\r\n\r\n".encode("ascii", "replace") + body


def _multipart(subtype: str, entities: Sequence[bytes], described: Sequence[str] = ()) -> bytes:
    boundary = _boundary(subtype, entities)
    mark = b"--" + boundary.encode("ascii")
    header = _parameterized("Content-Type", f"multipart/{subtype}", [*described, f'boundary="{boundary}"'])
    inside = b"".join([b"%b\r\n%b\r\n" % (mark, entity) for entity in entities])
    return b"%b\r\n%b%b--\r\n" % (header.encode("ascii"), inside, mark)


def _boundary(subtype: str, entities: Sequence[bytes]) -> str:
    """Follows from the content, and is not in it; "=_" cannot occur in quoted-printable or base64."""
    digest = hashlib.sha256(subtype.encode("ascii"))
    while True:
        for entity in entities:
            digest.update(entity)
        boundary = "=_" + digest.hexdigest()[:32]
        if not any(boundary.encode("ascii") in entity for entity in entities):
            return boundary


def _parameterized(name: str, value: str, described: Sequence[str]) -> str:
    words = [value, *described]
    return fold(f"{name}: ", [word + ";" for word in words[:-1]] + words[-1:], " ")
