"""The webmail's list and message view.

The list goes by date and not by UID, so that mail moved into a folder stands where its date is. Pages begin at a
key and not at an offset, so that the last page of 50,000 costs what the first does.
"""

from dataclasses import dataclass
from typing import Any, Literal

from mailstore import rights, seen, sql
from mailstore.errors import NoPermission, NoSuchMailbox, NoSuchMessage
from mailstore.flags import FLAGGED, SEEN, is_set, is_unset, unpack_keywords
from mailstore.mailbox_info import MailboxInfo, get_mailbox_by_id

Filter = Literal["all", "unread", "flagged", "attachments"]

PAGE_SIZE = 50  # rows
MAX_PAGE_SIZE = 500  # rows; a page is held in memory and rendered whole

_CONDITIONS: dict[str, str] = {
    "all": "",
    "unread": f" AND {is_unset(SEEN)}",
    "flagged": f" AND {is_set(FLAGGED)}",
    "attachments": " AND e.has_attachments",
}
_ROW = (
    "e.uid, e.flags, e.keywords, e.internal_date, m.sent_at, e.size, m.subject, m.sender, m.sender_address,"
    " m.recipients, m.preview, e.has_attachments, m.id, m.thread_id"
)
_PLACE = "(e.internal_date, e.uid)"
_NEWEST_FIRST = " ORDER BY e.internal_date DESC, e.uid DESC"
_OLDEST_FIRST = " ORDER BY e.internal_date, e.uid"


Place = tuple[int, int]  # in a list: internal date and UID


@dataclass(frozen=True, slots=True)
class ListRow:
    """Everything that a row of the list shows. Dates are Unix seconds, size is in octets."""

    uid: int
    flags: int  # mailstore.flags bits
    keywords: frozenset[str]
    internal_date: int
    sent_at: int
    size: int
    subject: str
    sender: str
    sender_address: str
    recipients: str
    preview: str
    has_attachments: bool
    message_row: int  # the same in every mailbox that has a copy of the message
    thread_id: int  # equal within a conversation

    @property
    def place(self) -> Place:
        """Where the row stands in the list; what list_page(before=...) takes."""
        return self.internal_date, self.uid


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message to be read. structure: mailformat.mime.load(); the bytes: reading.read_content(content_id)."""

    row: ListRow
    mailbox_id: int
    content_id: int
    message_id: str
    modseq: int
    structure: bytes
    newer_uid: int | None  # neighbours in the list, with the same filter
    older_uid: int | None


def list_page(
    mailbox_id: int, *, before: Place | None = None, limit: int = PAGE_SIZE, only: Filter = "all", reader: int = 0
) -> list[ListRow]:
    """A page, newest first: the newest messages, or those behind a place in the list. reader: as in MailboxInfo."""
    condition, parameters = _CONDITIONS[only], [mailbox_id]
    if before is not None:
        condition += f" AND {_PLACE} < (%s, %s)"
        parameters += before
    parameters.append(max(1, min(limit, MAX_PAGE_SIZE)))
    statement = f"SELECT {_ROW}{_from(reader)}{condition}{_NEWEST_FIRST} LIMIT %s"
    return [_list_row(row) for row in sql.fetch_all(statement, parameters)]


def get_message(account_id: int, mailbox_id: int, uid: int, *, only: Filter = "all") -> MessageView:
    """One message of a mailbox that the account may read. Raises NoSuchMessage, also for another account's."""
    found = _message_row(account_id, mailbox_id, uid, 0)
    reader = 0
    if found is None:
        info = _readable(account_id, mailbox_id)
        reader = info.reader
        found = _message_row(info.account_id, mailbox_id, uid, reader) if reader else None
    if found is None:
        raise NoSuchMessage(f"no message {uid} in mailbox {mailbox_id}")
    content_id, message_id, modseq, structure = found[-4:]
    row = _list_row(found[:-4])
    newer, older = (_neighbour(mailbox_id, row.place, only, way, reader) for way in "><")
    return MessageView(row, mailbox_id, content_id, message_id, modseq, structure, newer, older)


def _readable(account_id: int, mailbox_id: int) -> MailboxInfo:
    try:
        info = get_mailbox_by_id(account_id, mailbox_id)
        rights.require(info.rights, rights.READ)
    except (NoSuchMailbox, NoPermission) as error:
        raise NoSuchMessage(f"no mailbox {mailbox_id} to read") from error
    return info


def _message_row(owner_id: int, mailbox_id: int, uid: int, reader: int) -> tuple[Any, ...] | None:
    columns = f"{_ROW}, e.content_id, m.message_id, e.modseq, m.structure"
    return sql.fetch_one(
        f"SELECT {columns}{_from(reader)} AND e.uid = %s AND e.account_id = %s", (mailbox_id, uid, owner_id)
    )


def _neighbour(mailbox_id: int, place: Place, only: Filter, comparison: str, reader: int) -> int | None:
    statement = (
        f"SELECT e.uid FROM {seen.entries(reader)} WHERE e.mailbox_id = %s{_CONDITIONS[only]}"
        f" AND {_PLACE} {comparison} (%s, %s){_NEWEST_FIRST if comparison == '<' else _OLDEST_FIRST} LIMIT 1"
    )
    found = sql.fetch_one(statement, (mailbox_id, *place))
    return found[0] if found else None


def _from(reader: int) -> str:
    return f" FROM {seen.entries(reader)} JOIN mailstore_message m ON m.id = e.message_id WHERE e.mailbox_id = %s"


def _list_row(row: tuple[Any, ...]) -> ListRow:
    values = list(row)
    values[2] = unpack_keywords(row[2])
    values[11] = bool(row[11])
    values[13] = row[13] or row[12]  # a message without ancestors is its own thread
    return ListRow(*values)
