"""Pages of long lists: "1 to 50 of 1,949", with links to the pages before and after."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest

PAGE = 50


@dataclass(frozen=True, slots=True)
class Pager:
    """Where a page stands in its list; the two addresses are "" at the ends."""

    first: int
    last: int
    total: int
    previous: str
    following: str

    @property
    def is_needed(self) -> bool:
        return bool(self.previous or self.following)


def page_number(request: HttpRequest) -> int:
    """The page asked for, from 1; anything else counts as the first."""
    text = request.GET.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def pager_for(number: int, total: int, query: dict[str, str]) -> Pager:
    """The pager of page `number`; `query` is kept in its links."""
    kept = {name: value for name, value in query.items() if value}

    def address(page: int) -> str:
        return "?" + urlencode({**kept, "page": page})

    first = (number - 1) * PAGE
    return Pager(
        first=min(first + 1, total),
        last=min(first + PAGE, total),
        total=total,
        previous=address(number - 1) if number > 1 else "",
        following=address(number + 1) if first + PAGE < total else "",
    )


def asked(request: HttpRequest, name: str) -> str:
    """A search word of the address; PostgreSQL takes no NUL in text."""
    return request.GET.get(name, "").replace("\0", "").strip()
