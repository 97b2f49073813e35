"""IMAP BODY and BODYSTRUCTURE (RFC 3501 section 7.4.2) as ready bytes."""

from __future__ import annotations

from mailformat import parameters
from mailformat.addresstokens import tokens
from mailformat.envelope import envelope
from mailformat.headers import collect
from mailformat.imapstrings import nstring, string
from mailformat.parts import Part
from mailformat.scanner import MESSAGE_FIELDS

Fields = dict[bytes, list[bytes]]

# The grammar wants at least one part in a multipart; one without any shows an empty text part.
_EMPTY_BODY = b'("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 0 0)'
_EMPTY_STRUCTURE = b'("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 0 0 NIL NIL NIL NIL)'
_DEFAULT_PARAMETERS = b'("charset" "us-ascii")'  # RFC 2045 section 5.2


def body_fragments(data: bytes, root: Part) -> tuple[bytes, bytes]:
    """(BODY, BODYSTRUCTURE) of a scanned message."""
    return _fragments(data, root)


def _fragments(data: bytes, part: Part) -> tuple[bytes, bytes]:
    found = part.header_fields
    if found is None:
        found = collect(data[part.header_start : part.body_start], MESSAGE_FIELDS)
    if part.type == "multipart":
        return _multipart(data, part, found)
    basic = b"%b %b %b %b %b %b %d" % (
        string(part.type.encode("ascii")),
        string(part.subtype.encode("ascii")),
        _content_parameters(part, found),
        _text(found, b"content-id"),
        _text(found, b"content-description"),
        string(part.encoding.encode("ascii", "replace")),
        part.size,
    )
    structure = basic
    if part.type == "text":
        basic = structure = b"%b %d" % (basic, part.lines)
    elif part.message is not None:
        inner_body, inner_structure = _fragments(data, part.message)
        header = envelope(part.message.header_fields or collect(_header(data, part.message), MESSAGE_FIELDS))
        structure = b"%b %b %b %d" % (basic, header, inner_structure, part.lines)
        basic = b"%b %b %b %d" % (basic, header, inner_body, part.lines)
    return b"(%b)" % basic, b"(%b %b %b)" % (structure, _text(found, b"content-md5"), _extension(found))


def _multipart(data: bytes, part: Part, found: Fields) -> tuple[bytes, bytes]:
    inside = [_fragments(data, child) for child in part.children] or [(_EMPTY_BODY, _EMPTY_STRUCTURE)]
    subtype = string(part.subtype.encode("ascii"))
    body = b"(%b %b)" % (b"".join([fragment for fragment, _ in inside]), subtype)
    structure = b"(%b %b %b %b)" % (
        b"".join([fragment for _, fragment in inside]),
        subtype,
        _given_parameters(found, b"content-type"),
        _extension(found),
    )
    return body, structure


def _header(data: bytes, part: Part) -> bytes:
    return data[part.header_start : part.body_start]


def _extension(found: Fields) -> bytes:
    """body-fld-dsp SP body-fld-lang SP body-fld-loc"""
    if not (b"content-disposition" in found or b"content-language" in found or b"content-location" in found):
        return b"NIL NIL NIL"
    return b"%b %b %b" % (_disposition(found), _language(found), _text(found, b"content-location"))


def _text(found: Fields, name: bytes) -> bytes:
    values = found.get(name)
    return nstring(values[0] if values else None)


def _content_parameters(part: Part, found: Fields) -> bytes:
    given = _given_parameters(found, b"content-type")
    if part.type == "text" and "charset" not in part.params:
        return _DEFAULT_PARAMETERS if given == b"NIL" else b"%b %b" % (given[:-1], _DEFAULT_PARAMETERS[1:])
    return given


def _given_parameters(found: Fields, name: bytes) -> bytes:
    values = found.get(name)
    given = parameters.parse(values[0])[1] if values else ()
    return _parameter_list(given)


def _parameter_list(given: parameters.Parameters) -> bytes:
    if not given:
        return b"NIL"
    return b"(%b)" % b" ".join([b"%b %b" % (string(name), string(value)) for name, value in given])


def _disposition(found: Fields) -> bytes:
    values = found.get(b"content-disposition")
    if not values:
        return b"NIL"
    main, given = parameters.parse(values[0])
    return b"(%b %b)" % (string(main), _parameter_list(given)) if main else b"NIL"


def _language(found: Fields) -> bytes:
    """body-fld-lang: a string, or a list of several tags (RFC 3282)."""
    values = found.get(b"content-language")
    tags = [token.text for token in tokens(values[0]) if token.kind == "word"] if values else []
    return b"(%b)" % b" ".join([string(tag) for tag in tags]) if tags else b"NIL"
