"""Annotations of messages between the wire and the store (RFC 5257): FETCH items, STORE, and news of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from mailformat import mime
from mailformat.parts import find_part
from mailstore.annotations import Key, Values, changed_entries, read_annotations
from mailstore.reading import fetch_rows
from protocols.imap.view import View
from protocols.imap.wire.annotations import EntryValues, is_pattern
from protocols.imap.wire.message_annotations import AnnotationItem, part_of
from protocols.imap.wire.patterns import Pattern
from protocols.imap.wire.response import astring, string
from protocols.imap.wire.values import value

_SHARED = {"priv": False, "shared": True}


class AnnotationTexts:
    """What ANNOTATION of one FETCH says of message after message; several items are told in one list."""

    def __init__(self, items: Sequence[AnnotationItem]) -> None:
        self._items = [
            (item, [Pattern(entry) if is_pattern(entry) else entry for entry in item.entries]) for item in items
        ]

    def read(self, view: View, uids: Sequence[int]) -> list[bytes]:
        """`(/comment (value.priv "My comment" value.shared NIL))` for each, by one query for all."""
        found = read_annotations(view.account_id, view.mailbox_id, uids)
        return [self._text(found.get(uid, {})) for uid in uids]

    def _text(self, held: Mapping[Key, bytes]) -> bytes:
        told = []
        for item, entries in self._items:
            for entry in _meant(entries, held):
                pairs = b" ".join(_attribute(name, entry, held) for name in item.attributes)
                told.append(b"%b (%b)" % (astring(entry.encode()), pairs))
        return b"(" + b" ".join(told) + b")"


def _meant(entries: Iterable[Pattern | str], held: Mapping[Key, bytes]) -> list[str]:
    """Entries that are named, and those that patterns find."""
    there = sorted({key.entry for key in held})
    meant: list[str] = []
    for each in entries:
        meant += [each] if isinstance(each, str) else [entry for entry in there if each.matches(entry)]
    return list(dict.fromkeys(meant))


def _attribute(name: str, entry: str, held: Mapping[Key, bytes]) -> bytes:
    """The size is a string too, as section 4.3 shows it."""
    base, _, scope = name.rpartition(".")
    octets = held.get(Key(entry, _SHARED[scope]))
    if base == "size":
        return b"%b %b" % (name.encode(), string(b"%d" % len(octets or b"")))
    return name.encode() + b" " + value(octets)


def to_values(entries: Iterable[EntryValues]) -> Values:
    """What STORE and APPEND name, for the store."""
    return {Key(entry, _SHARED[name.rpartition(".")[2]]): octets for entry, given in entries for name, octets in given}


def parts_are_there(view: View, uids: Sequence[int], entries: Iterable[EntryValues]) -> bool:
    """Whether each of the messages has the body parts that entries speak of (section 3.2.1)."""
    wanted = [each for each in entries if part_of(each[0])]
    if not wanted:
        return True
    structures = (row[0] for rows in fetch_rows(view.mailbox_id, uids, ("structure",)) for row in rows)
    return all(has_parts(structure, wanted) for structure in structures)


def has_parts(structure: bytes, entries: Iterable[EntryValues]) -> bool:
    """Whether a message of this structure has them."""
    parts = {part_of(entry) for entry, _ in entries} - {""}
    root = mime.load(structure) if parts else None
    return root is None or all(find_part(root, part) is not None for part in parts)


def annotation_lines(view: View, since: int, own: frozenset[int], *, with_uid: bool) -> Iterator[bytes]:
    """`* 3 FETCH (ANNOTATION (/comment))`: names without values, of what others changed (section 4.4)."""
    entries: dict[int, list[str]] = {}
    for uid, entry, modseq in changed_entries(view.account_id, view.mailbox_id, since):
        if modseq not in own and entry not in entries.setdefault(uid, []):
            entries[uid].append(entry)
    uids = [uid for uid, names in entries.items() if names]
    for number, uid in zip(view.numbered(uids), uids, strict=True):
        if number:
            told = b" ".join(astring(entry.encode()) for entry in entries[uid])
            by_uid = b"UID %d " % uid if with_uid and not view.uid_only else b""
            head = view.fetch_head % (uid if view.uid_only else number)
            yield head + b"%bANNOTATION (%b))\r\n" % (by_uid, told)
