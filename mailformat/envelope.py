"""IMAP ENVELOPE (RFC 3501 section 7.4.2) as ready bytes."""

from __future__ import annotations

from functools import lru_cache

from mailformat.addresses import RawAddress, parse_raw
from mailformat.imapstrings import nstring, string

Fields = dict[bytes, list[bytes]]


def envelope(found: Fields) -> bytes:
    """The envelope of a message from its unfolded fields (lower-case names).

    Sender and Reply-To default to From. A repeated address field counts whole, of the others the first.
    """
    author = _address_list(found, b"from")
    parts = (
        _text(found, b"date"),
        _text(found, b"subject"),
        author,
        _address_list(found, b"sender", author),
        _address_list(found, b"reply-to", author),
        _address_list(found, b"to"),
        _address_list(found, b"cc"),
        _address_list(found, b"bcc"),
        _text(found, b"in-reply-to"),
        _text(found, b"message-id"),
    )
    return b"(%b)" % b" ".join(parts)


def _text(found: Fields, name: bytes) -> bytes:
    values = found.get(name)
    return string(values[0]) if values else b"NIL"


def _address_list(found: Fields, name: bytes, default: bytes = b"NIL") -> bytes:
    values = found.get(name)
    if not values:
        return default
    value = values[0] if len(values) == 1 else b", ".join(values)
    return (_remembered(value) if len(value) < _WORTH_REMEMBERING else _written(value)) or default


def _written(value: bytes) -> bytes:
    """The addresses of a field as IMAP writes them, b"" for none."""
    addresses = parse_raw(value)
    return b"(%b)" % b"".join([_address(item) for item in addresses]) if addresses else b""


# The same people write to the same people.
_WORTH_REMEMBERING = 200
_remembered = lru_cache(maxsize=2048)(_written)


def _address(item: RawAddress) -> bytes:
    return b"(%b %b %b %b)" % (nstring(item.name), nstring(item.route), nstring(item.local), nstring(item.host))
