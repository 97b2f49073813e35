"""The messages of APPEND and REPLACE, put together for the store (RFC 3501 6.3.11, RFC 3516 4.4, RFC 4469)."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from mailformat.binary import without_nuls
from mailformat.summary import summarize
from mailstore import mailboxes, rights
from mailstore.annotating import check_sizes
from mailstore.append import NewMessage
from mailstore.errors import StoreError, StoreUnavailable, TooManyEntries, ValueTooLarge
from mailstore.reading import fetch_rows, read_contents
from protocols.imap import internationalized
from protocols.imap.answer import Answer, bad, no
from protocols.imap.message_annotations import has_parts, to_values
from protocols.imap.sections import Source, compile_cut
from protocols.imap.wire.append_messages import AppendMessage, Url
from protocols.imap.wire.framer import MAX_APPEND, MAX_APPEND_TOTAL, Literal
from protocols.imap.wire.message_urls import BadUrl, MessageUrl, parse_message_url

if TYPE_CHECKING:
    from protocols.imap.session import ImapSession


# Octets that the URLs of one command make the server read, whatever they keep of them: twice what a command may
# yield, for pieces of two large messages in turn are read each time.
MAX_READ = 2 * MAX_APPEND_TOTAL


class Refused(Exception):
    """No message can be made of what the client gave."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.text)
        self.answer = answer


def compose(session: ImapSession, messages: Sequence[AppendMessage]) -> list[NewMessage]:
    """Raises Refused: TOOBIG, BADURL, UNKNOWN-CTE, CANNOT."""
    made, total, sources = [], 0, _Sources(session)
    for message in messages:
        data = _octets(sources, message)
        if refused := internationalized.refusal(session, data):
            raise Refused(refused)
        total += len(data)
        if total > MAX_APPEND_TOTAL:  # URLs cost the client nothing
            raise Refused(no("The messages together are too large", b"TOOBIG"))
        new = NewMessage(data, message.flags.mask, message.flags.keywords, message.internal_date)
        if message.annotations:
            _annotate(new, data, message)
        made.append(new)
    return made


def _annotate(new: NewMessage, data: bytes, message: AppendMessage) -> None:
    """RFC 5257 section 4.7. What is looked at for it the store need not compute again."""
    values = to_values(message.annotations)
    try:
        check_sizes(values)
    except ValueTooLarge:
        raise Refused(no("The value is too large", b"ANNOTATE TOOBIG")) from None
    except TooManyEntries:
        raise Refused(no("There are too many annotations", b"ANNOTATE TOOMANY")) from None
    arrived = int(time.time()) if new.internal_date is None else new.internal_date
    new.internal_date, new.summary = arrived, summarize(data, arrived=arrived)
    if not has_parts(new.summary.structure, message.annotations):
        raise Refused(bad("The message has no such part"))
    new.annotations = {key: octets for key, octets in values.items() if octets is not None}


def _octets(sources: _Sources, message: AppendMessage) -> bytes:
    data = b"".join(_catenated(sources, message.pieces))
    if not data:
        raise Refused(no("An empty message cannot be appended"))
    if message.binary and b"\0" in data:
        encoded = without_nuls(data)
        if encoded is None:
            raise Refused(no("NUL where no transfer encoding can hide it", b"UNKNOWN-CTE"))
        if len(encoded) > MAX_APPEND:
            raise Refused(no("The message is too large once it is encoded", b"TOOBIG"))
        return encoded
    return data


def _catenated(sources: _Sources, pieces: Sequence[Literal | Url]) -> Iterator[bytes]:
    """One behind the other, as far as the limit (RFC 4469 section 4.2)."""
    size = 0
    for piece in pieces:
        data = sources.referred(piece.text) if isinstance(piece, Url) else _in_memory(piece)
        size += len(data)
        if size > MAX_APPEND:
            raise Refused(no("The message is too large", b"TOOBIG"))
        yield data


def _in_memory(literal: Literal) -> bytes:
    return literal if isinstance(literal, bytes) else literal.getvalue()


class _Sources:
    """What the URLs of one command name. The last message is kept: its pieces mostly follow each other."""

    def __init__(self, session: ImapSession) -> None:
        self._session = session
        self._octets = 0  # that were read
        self._last = 0  # the content of _source
        self._source = Source(b"", b"", b"")

    def referred(self, text: bytes) -> bytes:
        """What a URL names: octets as FETCH BODY.PEEK[...] would give them, without \\Seen."""
        try:
            view = self._session.view
            found = self._find(parse_message_url(text, view.name if view is not None else ""))
            if found is None:
                raise BadUrl(text)
            return found
        except BadUrl as error:
            raise Refused(no("This URL names no part of a message of yours", b"BADURL " + error.text)) from None
        except StoreUnavailable:
            raise
        except StoreError:
            raise Refused(no("This URL names no mailbox of yours", b"BADURL " + BadUrl(text).text)) from None

    def _find(self, url: MessageUrl) -> bytes | None:
        """Each URL is looked up, and may be refused, whatever is kept."""
        mailbox = mailboxes.get_mailbox(self._session.account_id, url.mailbox)
        rights.require(mailbox.rights, rights.READ)
        if url.uid_validity not in (0, mailbox.uid_validity):
            return None
        for rows in fetch_rows(mailbox.id, [url.uid], ("uid", "content_id", "structure")):
            _, content_id, structure = rows[0]
            if content_id == self._last or self._read(content_id, structure):
                return compile_cut(url.section).octets(self._source)
        return None

    def _read(self, content_id: int, structure: bytes) -> bool:
        """False: it is gone. Raises Refused: LIMIT."""
        self._last, self._source = 0, Source(b"", b"", b"")  # two large ones are not held at once
        for _, header, body in read_contents([content_id]):
            self._octets += len(header) + len(body)
            if self._octets > MAX_READ:
                raise Refused(no("The URLs name too much to read", b"LIMIT"))
            self._last, self._source = content_id, Source(header, body, structure)
        return self._last == content_id
