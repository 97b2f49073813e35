"""ANNOTATEMORE's entries against METADATA's: `/comment` with `value.priv` is `/private/comment`."""

from collections.abc import Iterable, Mapping

from mailstore.metadata import Value
from protocols.imap.wire.annotations import EntryValues
from protocols.imap.wire.response import mailbox, string
from protocols.imap.wire.values import value

_PREFIXES = {"priv": "/private", "shared": "/shared"}
# Of a value that nobody named one for; METADATA's values have none.
DEFAULT_TYPE = "text/plain; charset=utf-8"
MAX_CONTENT_TYPE = 100  # characters; the column


def names_of(entry: str) -> tuple[str, ...]:
    """The private and the shared entry of METADATA."""
    return tuple(prefix + entry.lower() for prefix in _PREFIXES.values())


def entry_of(name: str) -> str:
    """The entry of ANNOTATEMORE."""
    return name[name.index("/", 1) :]


def to_values(entries: Iterable[EntryValues]) -> dict[str, Value | None] | None:
    """What is to be set, by METADATA's names; None where a content type stands alone, or is too long to be one."""
    found: dict[str, Value | None] = {}
    for entry, attributes in entries:
        given = dict(attributes)
        for scope, prefix in _PREFIXES.items():
            kind = (given.get(f"content-type.{scope}") or b"").decode("ascii", "replace")
            octets = given.get(f"value.{scope}")
            if (kind and octets is None) or len(kind) > MAX_CONTENT_TYPE:
                return None
            if f"value.{scope}" in given:
                found[prefix + entry.lower()] = None if octets is None else Value(octets, kind)
    return found


def annotation_line(
    name: str, entry: str, attributes: Iterable[str], values: Mapping[str, Value | None], *, utf8: bool
) -> bytes:
    """`* ANNOTATION "INBOX" "/comment" ("value.priv" "My comment")`, all of it quoted as the draft has it."""
    pairs = []
    for attribute in attributes:
        base, _, scope = attribute.rpartition(".")
        held = values.get(_PREFIXES[scope] + entry.lower())
        pairs.append(string(attribute.encode()) + b" " + value(_attribute(base, held)))
    return b"* ANNOTATION %b %b (%b)\r\n" % (mailbox(name, utf8=utf8), string(entry.encode()), b" ".join(pairs))


def _attribute(base: str, held: Value | None) -> bytes | None:
    if base == "size":
        return b"%d" % (len(held.octets) if held else 0)
    if held is None:
        return None
    return held.octets if base == "value" else (held.content_type or DEFAULT_TYPE).encode()
