"""IMAP URLs of a message or a part of one (RFC 5092 section 6), as far as CATENATE takes them (RFC 4469 section 3).

Only relative ones: the server and the user are those of the session. A URL names its mailbox by percent-encoded UTF-8,
where commands have modified UTF-7 (RFC 5092 section 8).
"""

import re
from dataclasses import dataclass

from protocols.imap.wire.errors import BadSyntax
from protocols.imap.wire.fetch_items import Section, parse_section
from protocols.imap.wire.scanner import Scanner
from protocols.imap.wire.sequences import MAX_NUMBER

# bchar = unreserved / sub-delims-sh / pct-encoded / "&" / "=" / ":" / "@" / "/" (RFC 5092 section 11)
_BCHARS = rb"(?:[A-Za-z0-9\-._~!$'()*+,&=:@/]|%[0-9A-Fa-f]{2})+?"
# imessagepart = enc-mailbox [uidvalidity] "/;UID=" nz-number ["/;SECTION=" enc-section] ["/;PARTIAL=" partial-range].
# A slash before a parameter may stand twice: clients take the mailbox for a folder (RFC 8508 section 4.2 does).
_MESSAGE_PART = re.compile(
    rb"/(?P<mailbox>" + _BCHARS + rb")(?:;UIDVALIDITY=(?P<validity>[1-9]\d{0,9}))?/?"
    rb"/;UID=(?P<uid>[1-9]\d{0,9})(?:/;SECTION=(?P<section>" + _BCHARS + rb"))?"
    rb"(?:/;PARTIAL=(?P<first>\d{1,10})(?:\.(?P<count>[1-9]\d{0,9}))?)?\Z",
    re.IGNORECASE,
)
# A scheme or another server: outside of RFC 4469, which has a NO for it (section 3).
_ABSOLUTE = re.compile(rb"[A-Za-z][A-Za-z0-9+.\-]*:|//")
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
_UNSAID = re.compile(rb"[^\x21-\x5b\x5e-\x7e]")


class BadUrl(Exception):
    """The URL names no message part of this session's; `text` is what the BADURL code says of it."""

    def __init__(self, url: bytes) -> None:
        super().__init__(url)
        self.text = _UNSAID.sub(lambda found: b"%%%02X" % found[0][0], url) or b"%20"


@dataclass(frozen=True, slots=True)
class MessageUrl:
    """`uid_validity`: 0 where the URL has none. `section` is what BODY.PEEK[...]<...> would ask for."""

    mailbox: str
    uid_validity: int
    uid: int
    section: Section


def parse_message_url(url: bytes, selected: str = "") -> MessageUrl:
    """Of a relative URL; the base is `imap://user@server/` and, where one is selected, the mailbox's name.

    Raises BadUrl.
    """
    found = _MESSAGE_PART.match(_absolute_path(url, selected))
    if found is None or _ABSOLUTE.match(url):
        raise BadUrl(url)
    try:
        mailbox = _decoded(found["mailbox"]).decode()
        section = parse_section(Scanner((b"[" + _decoded(found["section"] or b"") + b"]",)))
    except (UnicodeDecodeError, BadSyntax):
        raise BadUrl(url) from None
    uid, validity = int(found["uid"]), int(found["validity"] or 0)
    if max(uid, validity) > MAX_NUMBER:
        raise BadUrl(url)
    return MessageUrl(mailbox, validity, uid, _with_partial(section, found["first"], found["count"]))


def _absolute_path(url: bytes, selected: str) -> bytes:
    """RFC 3986 section 5.2.3; a UID without a mailbox is of the one that is selected (RFC 5092 section 7)."""
    if url.startswith(b"/"):
        return url
    if url[:5].upper() == b";UID=":
        return b"/%b/%b" % (_encoded(selected), url)
    above, slash, _ = selected.rpartition("/")
    return b"/%b%b" % (_encoded(above + slash), url)


def _with_partial(section: Section, first: bytes | None, count: bytes | None) -> Section:
    """partial-range = number ["." nz-number]: without a count it goes to the end."""
    if first is None:
        return section
    return Section(section.part, section.text, section.fields, True, (int(first), int(count or MAX_NUMBER)))


def _encoded(name: str) -> bytes:
    return b"".join(b"%%%02X" % octet for octet in name.encode())


def _decoded(text: bytes) -> bytes:
    return _PERCENT.sub(lambda found: bytes([int(found[1], 16)]), text)
