"""The view model of the message list: rows under the heads of their days, a page at a time."""

from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext

from mailstore import flags, listing
from mailstore.errors import NoSuchMessage
from mailstore.listing import Filter, ListRow, Place
from mailstore.mailboxes import MailboxInfo
from webmail import allowed, folders, formats

PAGE = listing.PAGE_SIZE
MAX_LOADED = 450  # rows that a refresh renders again at once (below listing.MAX_PAGE_SIZE); a longer list is cut back
FILTERS: tuple[Filter, ...] = ("all", "unread", "flagged", "attachments")
FORWARDED = "$forwarded"  # RFC 5788 keyword, any case


@lru_cache(maxsize=1024)
def _folder_url(mailbox_id: int) -> str:
    """reverse() once and not for each row of a list."""
    return reverse("webmail:folder", args=[mailbox_id])


@dataclass(frozen=True, slots=True)
class Where:
    """The place that a list shows: folder, filter, the message open beside it (0: none)."""

    mailbox: MailboxInfo
    show: Filter = "all"
    open_uid: int = 0

    def query(self, **more: object) -> str:
        """The query string of this place."""
        pairs = {"show": self.show if self.show != "all" else "", **more}
        text = urlencode({key: value for key, value in pairs.items() if value})
        return f"?{text}" if text else ""

    @property
    def list_url(self) -> str:
        return reverse("webmail:folder", args=[self.mailbox.id]) + self.query()

    @property
    def here_url(self) -> str:
        """The address of what is on the screen now."""
        return self.message_url(self.open_uid) if self.open_uid else self.list_url

    def message_url(self, uid: int) -> str:
        return f"{_folder_url(self.mailbox.id)}message/{uid}/{self.query()}"


@dataclass(frozen=True, slots=True)
class Row:
    """One message in the list."""

    key: str  # the UID; text, because a template formats every number for its language
    url: str
    who: str
    who_address: str
    prefix: str
    subject: str
    preview: str
    time: str
    choose: str
    is_unread: bool
    is_starred: bool
    is_answered: bool
    is_forwarded: bool
    has_files: bool
    is_open: bool

    @property
    def classes(self) -> str:
        """What is added to the class of a row."""
        return (" row-unread" if self.is_unread else "") + (" row-selected" if self.is_open else "")

    @property
    def has_marks(self) -> bool:
        """Whether icons stand behind the subject."""
        return self.is_answered or self.is_forwarded or self.has_files or self.is_starred


@dataclass(frozen=True, slots=True)
class Day:
    """The rows under one head; the head is "" where the page before ended in the same day."""

    head: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Page:
    """A run of the list. older_url is "" at the end; count_text says what the folder holds."""

    where: Where
    days: list[Day]
    older_url: str
    newest_url: str
    count: int
    kept_actions: dict[tuple[bool, bool], str] = field(default_factory=dict)  # what the row_actions tag rendered

    def actions_of(self, row: Row) -> list[tuple[str, str, str]]:
        """Verb, icon and label of the buttons of a row."""
        role, may = folders.role_of(self.where.mailbox), allowed.in_folder(self.where.mailbox)
        read = ("read", "mail-open", gettext("Mark as read"))
        unread = ("unread", "mail", gettext("Mark as unread"))
        star, unstar = ("star", "star", gettext("Star")), ("unstar", "star", gettext("Remove the star"))
        trash, purge = ("trash", "trash-2", gettext("Delete")), ("purge", "trash-2", gettext("Delete for ever"))
        found = []
        if may.leave and may.is_own and role not in ("\\Archive", "\\Drafts"):
            found.append(("archive", "archive", gettext("Archive")))
        if may.leave:
            found.append(purge if role == "\\Trash" else trash)
        if may.mark:
            found.append(read if row.is_unread else unread)
        if may.star:
            found.append(unstar if row.is_starred else star)
        return found

    @property
    def is_empty(self) -> bool:
        return self.count == 0

    @property
    def opens_here(self) -> bool:
        """Drafts open on the writing page, everything else in the reading pane."""
        return folders.role_of(self.where.mailbox) != "\\Drafts"


def filter_of(query: QueryDict) -> Filter:
    """The filter asked for; an unknown one shows everything."""
    wanted = query.get("show", "all")
    return wanted if wanted in FILTERS else "all"


def load(where: Where, *, before: Place | None = None, limit: int = PAGE, last_head: str = "") -> Page:
    """A page of rows behind a place in the list (None: from the newest)."""
    found = listing.list_page(
        where.mailbox.id, before=before, limit=limit + 1, only=where.show, reader=where.mailbox.reader
    )
    more = len(found) > limit
    shown = found[:limit] if before else _with_open(found[:limit], where, more)
    days, head = _by_day(shown, where, last_head)
    older = ""
    if more:
        key = "{}.{}".format(*shown[-1].place)
        older = reverse("webmail:folder", args=[where.mailbox.id]) + where.query(before=key, day=head)
    return Page(where, days, older, where.list_url if before else "", len(shown))


def _with_open(found: list[ListRow], where: Where, more: bool) -> list[ListRow]:
    """The open message stays in the list while it is read, even if it has just left the filter (unread)."""
    if not where.open_uid or where.show == "all" or any(row.uid == where.open_uid for row in found):
        return found
    try:
        row = listing.get_message(where.mailbox.acting_id, where.mailbox.id, where.open_uid).row
    except NoSuchMessage:
        return found
    if more and row.place < found[-1].place:
        return found
    return sorted([*found, row], key=lambda one: one.place, reverse=True)


def _by_day(found: list[ListRow], where: Where, head: str) -> tuple[list[Day], str]:
    """The rows under their heads, and the last head."""
    days: list[Day] = []
    for row in found:
        day = formats.day_head(row.internal_date)
        if day != head or not days:
            days.append(Day(day if day != head else "", []))
            head = day
        days[-1].rows.append(view(row, where))
    return days, head


def view(row: ListRow, where: Where) -> Row:
    """One row as it is shown."""
    role = folders.role_of(where.mailbox)
    is_ours = role in ("\\Sent", "\\Drafts")
    who = (row.recipients if is_ours else row.sender) or row.sender_address
    if is_ours and not row.recipients:
        who = gettext("(nobody yet)") if role == "\\Drafts" else gettext("(no recipient)")
    is_draft = role == "\\Drafts"
    subject = row.subject.strip() or gettext("(no subject)")
    return Row(
        key=str(row.uid),
        url=reverse("webmail:draft", args=[row.uid]) if is_draft else where.message_url(row.uid),
        who=who or gettext("(unknown sender)"),
        who_address=who if is_ours else row.sender_address,
        prefix=gettext("To:") if is_ours and row.recipients else "",
        subject=subject,
        preview=row.preview,
        time=formats.row_time(row.internal_date),
        choose=gettext("Choose: %(subject)s") % {"subject": subject},
        is_unread=not row.flags & flags.SEEN,
        is_starred=bool(row.flags & flags.FLAGGED),
        is_answered=bool(row.flags & flags.ANSWERED),
        is_forwarded=any(keyword.lower() == FORWARDED for keyword in row.keywords),
        has_files=row.has_attachments,
        is_open=row.uid == where.open_uid,
    )
