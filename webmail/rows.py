"""The view model of the message list: rows under the heads of their days, a page at a time."""

import itertools
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext

from mailstore import flags, listing
from mailstore.listing import Filter, ListRow
from mailstore.mailboxes import MailboxInfo
from webmail import folders, formats

PAGE = listing.PAGE_SIZE
MAX_LOADED = 450  # rows that a refresh renders again at once (below listing.MAX_PAGE_SIZE); a longer list is cut back
FILTERS: tuple[Filter, ...] = ("all", "unread", "flagged", "attachments")
FORWARDED = "$forwarded"  # RFC 5788 keyword, any case


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
        return reverse("webmail:message", args=[self.mailbox.id, uid]) + self.query()


@dataclass(frozen=True, slots=True)
class Row:
    """One message in the list."""

    uid: int
    url: str
    who: str
    who_address: str
    prefix: str
    subject: str
    preview: str
    at: int
    is_unread: bool
    is_starred: bool
    is_answered: bool
    is_forwarded: bool
    has_files: bool
    is_open: bool


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
    actions: list[tuple[str, str, str]]  # verb, icon, label of the buttons of each row

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


def load(where: Where, *, before_uid: int = 0, limit: int = PAGE, last_head: str = "") -> Page:
    """A page of rows older than before_uid (0: from the newest): one read of the store."""
    found = listing.list_page(where.mailbox.id, before_uid=before_uid or None, limit=limit + 1, only=where.show)
    shown = found[:limit]
    days, head = _by_day(shown, where, last_head)
    older = ""
    if len(found) > limit:
        older = reverse("webmail:folder", args=[where.mailbox.id]) + where.query(before=shown[-1].uid, day=head)
    return Page(where, days, older, where.list_url if before_uid else "", len(shown), _actions(where.mailbox))


def _actions(mailbox: MailboxInfo) -> list[tuple[str, str, str]]:
    role = folders.role_of(mailbox)
    delete = ("purge", gettext("Delete for ever")) if role == "\\Trash" else ("trash", gettext("Delete"))
    found = [("archive", "archive", gettext("Archive"))] if role not in ("\\Archive", "\\Drafts") else []
    found.append((delete[0], "trash-2", delete[1]))
    found.append(("read", "mail-open", gettext("Mark as read")))
    found.append(("star", "star", gettext("Star")))
    return found


def _by_day(found: list[ListRow], where: Where, head: str) -> tuple[list[Day], str]:
    """The rows under their heads, and the last head.

    Rows come in the order of arrival in this folder. Where mail was moved in, its dates jump back
    and forth: then heads would repeat, and there are none.
    """
    dates = [row.internal_date // formats.DAY_SECONDS for row in found]
    in_order = all(newer >= older for newer, older in itertools.pairwise(dates))
    days: list[Day] = []
    for row in found:
        day = formats.day_head(row.internal_date) if in_order else ""
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
    return Row(
        uid=row.uid,
        url=reverse("webmail:draft", args=[row.uid]) if is_draft else where.message_url(row.uid),
        who=who or gettext("(unknown sender)"),
        who_address=who if is_ours else row.sender_address,
        prefix=gettext("To:") if is_ours and row.recipients else "",
        subject=row.subject.strip() or gettext("(no subject)"),
        preview=row.preview,
        at=row.internal_date,
        is_unread=not row.flags & flags.SEEN,
        is_starred=bool(row.flags & flags.FLAGGED),
        is_answered=bool(row.flags & flags.ANSWERED),
        is_forwarded=any(keyword.lower() == FORWARDED for keyword in row.keywords),
        has_files=row.has_attachments,
        is_open=row.uid == where.open_uid,
    )
