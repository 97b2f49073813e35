"""What searches, sorting and threading ask of a header, computed once: folded for comparison (RFC 5255 section 4.6)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from mailformat import dates
from mailformat.addresses import parse_raw
from mailformat.basesubject import base_subject
from mailformat.collation import fold
from mailformat.headers import collect, decode
from mailformat.limits import MAX_DISPLAY, MAX_DISPLAY_OCTETS, MAX_REFERENCES

# Stands between texts that are searched one by one, so that nothing matches across. It stands for NUL too, which
# PostgreSQL does not take. A needle that has one of them is looked for in the message itself.
SEPARATOR = "\x1e"
_UNSTORABLE = re.compile("[\0\x1e]")

_WANTED = frozenset({
    b"subject", b"from", b"to", b"cc", b"bcc", b"date", b"message-id", b"references", b"in-reply-to",
})  # fmt: skip
_MESSAGE_ID = re.compile(rb'<("(?:[^"\\\r\n]|\\[^\r\n]){1,900}"@[^<>\s"]{1,90}|[^<>\s\x00-\x1f\x7f]{1,996})>')
_QUOTED_LOCAL = re.compile(r'"((?:[^"\\]|\\.)*)"(?=@)')
_WRITTEN_DAY = re.compile(r"(\d{1,2})[\s-]+([A-Za-z]{3})[A-Za-z]*[\s-]+(\d{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EPOCH = date(1970, 1, 1).toordinal()

Fields = dict[bytes, list[bytes]]


@dataclass(frozen=True, slots=True)
class SearchKeys:
    """Of one message. All texts but the Message-IDs are folded (mailformat.collation)."""

    # The whole fields, decoded, for "contains": of several, with SEPARATOR between.
    subject: str
    sender: str
    recipients: str  # To
    copies: str  # Cc
    blind_copies: str  # Bcc
    # SORT and THREAD (RFC 5256 sections 2.1 and 3, RFC 5957)
    base_subject: str
    is_reply: bool
    from_mailbox: str
    to_mailbox: str
    cc_mailbox: str
    display_from: str
    display_to: str
    sent_at: int | None  # None: no usable Date
    sent_day: int | None  # as the Date field is written, without regard to its zone; days since 1970
    message_id: str  # "": none
    ancestors: str  # Message-IDs, eldest first, one space between


def search_keys(header: bytes) -> SearchKeys:
    """The keys of any header; never raises."""
    found = collect(header, _WANTED)
    subject = decode(found[b"subject"][0][:MAX_DISPLAY_OCTETS])[:MAX_DISPLAY] if b"subject" in found else ""
    base, is_reply = base_subject(subject)
    from_mailbox, display_from = _first_address(found, b"from")
    to_mailbox, display_to = _first_address(found, b"to")
    written = found[b"date"][0] if b"date" in found else b""
    return SearchKeys(
        subject=_folded(found, b"subject"),
        sender=_folded(found, b"from"),
        recipients=_folded(found, b"to"),
        copies=_folded(found, b"cc"),
        blind_copies=_folded(found, b"bcc"),
        base_subject=clean(fold(base)),
        is_reply=is_reply,
        from_mailbox=from_mailbox,
        to_mailbox=to_mailbox,
        cc_mailbox=_first_address(found, b"cc")[0],
        display_from=display_from,
        display_to=display_to,
        sent_at=dates.parse(written),
        sent_day=written_day(written),
        message_id=" ".join(_ids(found, b"message-id")[:1]),
        ancestors=" ".join(_ids(found, b"references")[-MAX_REFERENCES:] or _ids(found, b"in-reply-to")[:1]),
    )


def clean(folded: str) -> str:
    """What databases take, and without the separator."""
    return _UNSTORABLE.sub(SEPARATOR, folded)


def written_day(value: bytes) -> int | None:
    """The day that a Date field names, in days since 1970; None for none."""
    found = _WRITTEN_DAY.search(value.decode("ascii", "replace"))
    if found is None or found[2].lower() not in _MONTHS:
        return None
    try:
        return date(int(found[3]), _MONTHS.index(found[2].lower()) + 1, int(found[1])).toordinal() - _EPOCH
    except ValueError:
        return None


def _folded(found: Fields, name: bytes) -> str:
    return SEPARATOR.join([clean(fold(decode(value))) for value in found.get(name, ())])


def _first_address(found: Fields, name: bytes) -> tuple[str, str]:
    """addr-mailbox of the first address, as ENVELOPE has it, and what RFC 5957 section 3 displays of it."""
    values = found.get(name)
    if not values:
        return "", ""
    addresses = parse_raw(b", ".join(values)[:MAX_DISPLAY_OCTETS])
    if not addresses:
        return "", ""
    first = addresses[0]
    mailbox = decode(first.local or b"")
    display = decode(first.name) if first.name else ""
    if not display:
        display = f"{mailbox}@{decode(first.host)}" if mailbox and first.host else mailbox
    return clean(fold(mailbox)), clean(fold(display))


def _ids(found: Fields, name: bytes) -> list[str]:
    """Message-IDs without brackets, quoting undone (RFC 5256 section 3, REFERENCES)."""
    ids = [each.decode("utf-8", "replace") for value in found.get(name, ())[:1] for each in _MESSAGE_ID.findall(value)]
    return [clean(_unquoted(each)) for each in ids]


def _unquoted(message_id: str) -> str:
    if not message_id.startswith('"'):
        return message_id
    return _QUOTED_LOCAL.sub(lambda found: re.sub(r"\\(.)", r"\1", found[1]), message_id).replace(" ", "\\ ")
