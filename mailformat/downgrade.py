"""A message with internationalized headers for readers that know ASCII headers only (RFC 6858, simplified downgrade).

What is readable stays readable: subjects and names become encoded words, file names RFC 2231 parameters. An address
that cannot be written in ASCII becomes one that nobody has, with the address in its name (section 2.1). What cannot be
presented in ASCII otherwise is left out (section 2.4). Bodies stay as they are, octet for octet, and so do lines that
are no fields: they are text that stands where a header should, as in a part without a blank line.
"""

from __future__ import annotations

from mailformat import parameters
from mailformat.addresses import Group, Mailbox, parse_list
from mailformat.composeheaders import fold, format_mailbox, parameter, phrase, quoted, text_field
from mailformat.headers import HeaderField, decode, fields, unfold
from mailformat.scanner import scan

# RFC 6761 section 6.4: nothing under "invalid" is ever registered, so an answer goes nowhere.
INVALID = ("invalid", "internationalized-address.invalid")
_ADDRESSES = frozenset({
    b"from", b"sender", b"reply-to", b"to", b"cc", b"bcc",
    b"resent-from", b"resent-sender", b"resent-to", b"resent-cc", b"resent-bcc",
})  # fmt: skip
_TEXTS = frozenset({b"subject", b"comments", b"content-description"})
_WITH_PARAMETERS = frozenset({b"content-type", b"content-disposition"})


def downgrade(data: bytes) -> bytes:
    """The message with ASCII in every field: its own, those of its parts and of attached messages. Never raises."""
    if data.isascii():
        return data
    out: list[bytes] = []
    position = 0
    for part in scan(data).walk():
        header = data[part.header_start : part.body_start]
        if part.header_start >= position and not header.isascii():
            out += (data[position : part.header_start], _header(header))
            position = part.body_start
    return b"".join([*out, data[position:]]) if out else data


def _header(header: bytes) -> bytes:
    found = fields(header)
    rest = header[found[-1].end :] if found else header  # the blank line
    written = [_field(header[field.start : field.end], field) for field in found]
    return b"".join([*written, rest if rest.isascii() else b"\r\n"])


def _field(raw: bytes, field: HeaderField) -> bytes:
    """The field in ASCII; b"" where it cannot be said so."""
    if raw.isascii() or not field.name:
        return raw
    kind = field.name.lower()
    if kind in _TEXTS:
        return text_field(field.name.decode("ascii"), decode(field.raw_value)).encode("ascii", "replace")
    if kind in _ADDRESSES:
        return _addresses(field.name.decode("ascii"), unfold(field.raw_value)).encode("ascii", "replace")
    if kind in _WITH_PARAMETERS:
        return _parameters(field.name.decode("ascii"), unfold(field.raw_value)).encode("ascii", "replace")
    return b""


def _addresses(name: str, value: bytes) -> str:
    items: list[list[str]] = []
    for item in parse_list(value):
        if isinstance(item, Mailbox):
            items.append(format_mailbox(_in_ascii(item)))
        else:
            items.append(_group(item))
    if not items:  # junk: keep what it says, as the name of nobody
        items.append(format_mailbox(Mailbox(decode(value), *INVALID)))
    return fold(f"{name}: ", _with_commas(items), " ")


def _group(group: Group) -> list[str]:
    members = _with_commas([format_mailbox(_in_ascii(mailbox)) for mailbox in group.members])
    return [*phrase(group.name), ":", *members, ";"]


def _with_commas(items: list[list[str]]) -> list[str]:
    for item in items[:-1]:
        item[-1] += ","
    return [word for item in items for word in item]


def _in_ascii(mailbox: Mailbox) -> Mailbox:
    """The domain as A-labels where that is all it takes."""
    if mailbox.address.isascii():
        return mailbox
    try:
        domain = mailbox.domain.encode("idna").decode("ascii")
    except UnicodeError:
        domain = ""
    if domain and mailbox.localpart.isascii():
        return Mailbox(mailbox.name, mailbox.localpart, domain)
    shown = f"{mailbox.name} ({mailbox.address})" if mailbox.name else mailbox.address
    return Mailbox(shown, *INVALID)


def _parameters(name: str, value: bytes) -> str:
    main, found = parameters.parse(value)
    if not main.isascii():
        return ""
    words = [[main.decode("ascii")]]
    for key, text in parameters.decoded(found).items():
        if key.isascii():
            # A boundary must stay in one piece, however long it is.
            words.append([f"{key}={quoted(text)}"] if text.isascii() else parameter(key, text))
    pieces = [piece for word in words for piece in word]
    return fold(f"{name}: ", [f"{piece};" for piece in pieces[:-1]] + pieces[-1:], " ")
