"""One FETCH: read rows in batches, set \\Seen where the items ask for it, render."""

from array import array
from collections.abc import Iterator, Sequence
from typing import Any

from mailstore import rights
from mailstore.flags import SEEN
from mailstore.messages import store_flags
from mailstore.reading import fetch_rows, read_contents, read_headers
from mailstore.vanished import changed_since
from protocols.imap.answer import Answer
from protocols.imap.binary_sections import BinaryCut, all_decodable
from protocols.imap.message_annotations import AnnotationTexts
from protocols.imap.rendering import Columns, Renderer
from protocols.imap.sections import Source, compile_cut
from protocols.imap.view import View
from protocols.imap.wire.commands.fetch import Fetch
from protocols.imap.wire.fetch_items import Binary, Item, Section
from protocols.imap.wire.message_annotations import AnnotationItem
from protocols.imap.wire.sequences import common
from protocols.runtime.limits import OUTPUT_BATCH

_CUT = frozenset({"RFC822", "RFC822.HEADER", "RFC822.TEXT"})


class Fetching:
    """The items of one command, compiled."""

    def __init__(self, view: View, command: Fetch, *, condstore: bool) -> None:
        self._view = view
        self._changed_since = command.changed_since
        self._cuts = [
            BinaryCut(item) if isinstance(item, Binary) else compile_cut(item)
            for item in command.items
            if _is_cut(item)
        ]
        self._binaries = [cut for cut in self._cuts if isinstance(cut, BinaryCut)]
        self._needs_body = any(cut.needs_body for cut in self._cuts)
        may_set_seen = not view.read_only and bool(view.rights & rights.KEEP_SEEN)  # RFC 4314 section 4
        self._sets_seen = may_set_seen and any(cut.sets_seen for cut in self._cuts)
        wanted = [item for item in command.items if isinstance(item, AnnotationItem)]
        self._annotations = AnnotationTexts(wanted) if wanted else None
        ready = _ready_items(command, with_uid=command.uid and not view.uid_only)
        self._plain = Renderer(ready, self._extra_columns(), view.fetch_head)
        if self._sets_seen:
            # Where \Seen was set on the way, the flags belong in the responses (section 6.4.5, BODY[<section>]), and
            # with CONDSTORE the UID and the MODSEQ too (RFC 7162 section 3.2.4).
            uid = () if view.uid_only else ("UID",)
            told = ("FLAGS", *uid, "MODSEQ") if condstore else ("FLAGS",)
            self._telling = Renderer(tuple(dict.fromkeys((*ready, *told))), head=view.fetch_head)

    def _extra_columns(self) -> Iterator[str]:
        if self._cuts:
            yield "content_id"
        if any(cut.needs_structure for cut in self._cuts):
            yield "structure"
        if self._sets_seen:
            yield from ("flags", "keywords", "modseq")

    def run(self, uids: "array[int]", answer: Answer) -> Iterator[bytes]:
        """Whole responses; the answer says so when some of the messages are gone."""
        found = 0
        if self._changed_since is not None:
            uids = self._changed(uids, self._changed_since)
        for rows in fetch_rows(self._view.mailbox_id, uids, self._plain.columns, self._view.reader):
            found += len(rows)
            if self._binaries:
                rows = self._decodable(rows, answer)
                if not rows:
                    continue
            yield from self._batch(self._plain.turn(rows, self._view.recent_from))
        if found < len(uids) and self._changed_since is None and answer.status == "OK":
            answer.code, answer.text = b"EXPUNGEISSUED", "Some of the messages are gone"  # RFC 5530 section 3

    def _decodable(self, rows: list[tuple[Any, ...]], answer: Answer) -> list[tuple[Any, ...]]:
        """Without the messages whose transfer encoding nobody knows: for them the request fails (RFC 3516 4.3)."""
        at, decodable = self._plain.columns.index("structure"), all_decodable(self._binaries)
        given = [row for row in rows if decodable(row[at])]
        if len(given) < len(rows):
            answer.status, answer.code = "NO", b"UNKNOWN-CTE"
            answer.text = "A part has an unknown transfer encoding"
        return given

    def _changed(self, uids: "array[int]", modseq: int) -> "array[int]":
        """CHANGEDSINCE (RFC 7162 section 3.1.4.1): what did not change is not read."""
        return array("Q", common(changed_since(self._view.mailbox_id, modseq, self._view.reader), uids))

    def _batch(self, columns: Columns) -> Iterator[bytes]:
        renderer = self._plain
        if self._sets_seen and self._set_seen(columns):
            renderer = self._telling
        if self._annotations is not None:
            columns["annotation"] = self._annotations.read(self._view, columns["uid"])
        numbers = self._view.named(columns["uid"])
        if not self._cuts:
            yield b"".join(renderer.lines(numbers, columns))
            return
        yield from self._cut_batch(renderer.heads(numbers, columns), columns)

    def _cut_batch(self, heads: Sequence[bytes], columns: Columns) -> Iterator[bytes]:
        """Whole responses, joined once: as many as one turn of a database thread makes."""
        pieces: list[bytes] = []
        size = 0
        for at, source in self._sources(columns):
            pieces.append(heads[at])
            for count, cut in enumerate(self._cuts):
                if count:
                    pieces.append(b" ")
                pieces += cut.render(source)
            pieces.append(b")\r\n")
            size += len(source.header) + len(source.body)
            if size >= OUTPUT_BATCH:
                yield b"".join(pieces)
                pieces, size = [], 0
        yield b"".join(pieces)

    def _set_seen(self, columns: Columns) -> bool:
        """One store call for what of the batch is unseen; the columns then have the new flags. True: there was some."""
        unseen = array(
            "Q", (uid for uid, mask in zip(columns["uid"], columns["flags"], strict=True) if not mask & SEEN)
        )
        if not unseen:
            return False
        result = store_flags(self._view.account_id, self._view.mailbox_id, unseen, "add", SEEN)
        self._view.answered(result)
        modseqs = {state.uid: state.modseq for state in result.changed}
        columns["flags"] = [mask | SEEN for mask in columns["flags"]]
        columns["modseq"] = [
            modseqs.get(uid, before) for uid, before in zip(columns["uid"], columns["modseq"], strict=True)
        ]
        return True

    def _sources(self, columns: Columns) -> Iterator[tuple[int, Source]]:
        """(place in the batch, message); a message that was expunged meanwhile is left out."""
        ids = columns["content_id"]
        structures = columns.get("structure") or [b""] * len(ids)
        contents: Iterator[tuple[int, bytes, bytes]]
        if self._needs_body:
            contents = read_contents(ids)
        else:
            contents = ((content_id, header, b"") for content_id, header in read_headers(ids))
        at = 0
        for content_id, header, body in contents:
            while ids[at] != content_id:
                at += 1
            yield at, Source(header, body, structures[at])
            at += 1


def _is_cut(item: Item) -> bool:
    return isinstance(item, Section | Binary) or item in _CUT


def _ready_items(command: Fetch, *, with_uid: bool) -> tuple[str, ...]:
    """Those that are stored ready to send; UID always with UID FETCH (section 6.4.8) unless the response begins with it
    (RFC 9586), MODSEQ with CHANGEDSINCE
    (RFC 7162 section 3.1.4.1)."""
    items = [item for item in command.items if isinstance(item, str) and item not in _CUT]
    if with_uid and "UID" not in items:
        items.insert(0, "UID")
    if command.changed_since is not None and "MODSEQ" not in items:
        items.append("MODSEQ")
    if any(isinstance(item, AnnotationItem) for item in command.items):
        items.append("ANNOTATION")
    return tuple(items)
