"""The tree of parts as stored bytes: JSON arrays, small and quick to read."""

from __future__ import annotations

import json
from typing import Any

from mailformat.parts import Part, number_parts

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def dump(part: Part) -> bytes:
    """The tree as bytes for load(). Part numbers are not stored: they follow from the tree."""
    return _encode(_row(part)).encode("utf-8", "replace")


def load(structure: bytes) -> Part:
    """The tree that dump() stored. ValueError for bytes that did not come from it."""
    try:
        root = _part(json.loads(bytes(structure)))  # a database may give a memoryview
    except (TypeError, RecursionError) as error:
        raise ValueError("not a stored structure") from error
    number_parts(root)
    return root


def _row(part: Part) -> list[Any]:
    return [
        part.header_start,
        part.body_start,
        part.end,
        part.type,
        part.subtype,
        part.params,
        part.encoding,
        part.disposition,
        part.filename,
        part.content_id,
        part.lines,
        [_row(child) for child in part.children],
        part.message and _row(part.message),
    ]


def _part(row: list[Any]) -> Part:
    start, body, end, kind, subtype, params, encoding, disposition, filename, content_id, lines, children, message = row
    return Part(
        start,
        body,
        end,
        kind,
        subtype,
        params,
        encoding,
        disposition,
        filename,
        content_id,
        lines,
        tuple([_part(child) for child in children]),
        message and _part(message),
    )
