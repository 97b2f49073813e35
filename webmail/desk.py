"""The mail page: folders, list and reading pane, whole or in parts."""

import re
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from mailstore.listing import Place
from webmail import access, allowed, folders, letters, rows

PLACE = re.compile(r"^(-?[0-9]{1,17})\.([0-9]{1,17})$")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for beside the folder."""

    before: Place | None = None
    last_head: str = ""
    loaded: int = rows.PAGE


def asked(request: HttpRequest) -> Asked:
    """Reads the query string; nonsense counts as nothing."""
    query = request.GET if request.method in ("GET", "HEAD") else request.POST
    loaded = min(max(_number(query.get("loaded", "")), rows.PAGE), rows.MAX_LOADED)
    return Asked(_place(query.get("before", "")), query.get("day", "")[:80], loaded)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def _place(text: str) -> Place | None:
    """ "<date>.<uid>", as rows.load() writes it; the date of very old mail is negative."""
    found = PLACE.match(text)
    return (int(found[1]), int(found[2])) if found else None


def number(text: str) -> int:
    """A UID or an id out of a form; 0 for nonsense."""
    return _number(text)


def context(
    request: HttpRequest, where: rows.Where, *, page: rows.Page | None = None, letter: letters.Letter | None = None
) -> dict[str, Any]:
    """Everything that templates/webmail/mail.html and its parts show."""
    label = folders.label_of(where.mailbox)
    unread = where.mailbox.unseen
    title = letter.subject if letter else f"{label} ({unread})" if unread else label
    return {
        "account": access.account_of(request),
        "where": where,
        "mailbox": where.mailbox,
        "role": folders.role_of(where.mailbox),
        "allowed": allowed.in_folder(where.mailbox),
        "label": label,
        "filters": _filters(where),
        "sidebar": folders.sidebar(where.mailbox.acting_id, where.mailbox.id),
        "page": page,
        "letter": letter,
        "title": title,
        "view": "message" if letter else "list",
    }


def _filters(where: rows.Where) -> list[tuple[str, str, bool]]:
    """Address, label, whether it is the current one."""
    labels = {
        "all": gettext("All"), "unread": gettext("Unread"),
        "flagged": gettext("Starred"), "attachments": gettext("With files"),
    }  # fmt: skip
    return [(rows.Where(where.mailbox, show).list_url, labels[show], show == where.show) for show in rows.FILTERS]


def update(request: HttpRequest, where: rows.Where, *, reader: str = "") -> HttpResponse:
    """The parts of the page that an action changed, for htmx: list, folders, toasts; reader "idle" closes it."""
    page = rows.load(where, limit=asked(request).loaded)
    return render(request, "webmail/update.html", {**context(request, where, page=page), "reader": reader, "oob": True})
