"""Plain text as people read it: paragraphs, links, quotes that fold away, the signature."""

import re
from dataclasses import dataclass
from typing import Literal

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

# Address of a page or of a person; what follows a URL as punctuation is not part of it.
LINK = re.compile(r"(?P<url>\bhttps?://[^\s<>\"“”«»]+)|(?P<mail>\b[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+)", re.IGNORECASE)
TRAILING = ".,;:!?'’*_"
MAX_ATTRIBUTION_TAIL = 40  # characters of the second line of an attribution that was broken in two
MAX_CHARACTERS = 500_000  # of one text part; a page must stay readable by the browser


@dataclass(frozen=True, slots=True)
class Block:
    """A run of lines of one kind. html is safe markup; folded: the quote is shown on demand only."""

    kind: Literal["text", "quote", "signature"]
    html: SafeString
    folded: bool = False


def blocks_of(text: str) -> list[Block]:
    """The text in blocks; the last quote is folded when the answer stands above it."""
    text = text[:MAX_CHARACTERS].replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    body, _, signature = text.partition("\n-- \n")
    runs = _runs(body.split("\n"))
    blocks = []
    for index, (is_quote, lines) in enumerate(runs):
        if is_quote:
            is_last = index == len(runs) - 1
            stripped = [*_attribution(runs, index), *(re.sub(r"^>\s?", "", line) for line in lines)]
            blocks.append(Block("quote", linkified("\n".join(stripped)), folded=is_last and index > 0))
        elif lines := lines[: len(lines) - len(_attribution(runs, index + 1))]:
            blocks.append(Block("text", linkified("\n".join(lines).strip("\n"))))
    if signature.strip():
        blocks.append(Block("signature", linkified(signature.strip("\n"))))
    return blocks


def _runs(lines: list[str]) -> list[tuple[bool, list[str]]]:
    """Lines grouped into quoted and own; empty lines between two quotes belong to the quote."""
    runs: list[tuple[bool, list[str]]] = []
    for line in lines:
        is_quote = line.startswith(">")
        if runs and (runs[-1][0] == is_quote or (not line.strip() and not runs[-1][0])):
            runs[-1][1].append(line)
        else:
            runs.append((is_quote, [line]))
    return [(is_quote, run) for is_quote, run in runs if is_quote or any(line.strip() for line in run)]


def _attribution(runs: list[tuple[bool, list[str]]], index: int) -> list[str]:
    """The "... wrote:" above the quote with this index, which belongs to the quote; [] where there is none."""
    if not 0 < index < len(runs) or not runs[index][0]:
        return []
    above = runs[index - 1][1]
    filled = [number for number, line in enumerate(above) if line.strip()]
    if not filled or not above[filled[-1]].rstrip().endswith(":"):
        return []
    start = filled[-1]
    if start and start - 1 in filled and len(above[start]) < MAX_ATTRIBUTION_TAIL:
        start -= 1  # a long attribution was broken in two
    return above[start:] if start or len(filled) > 1 else []


def linkified(text: str) -> SafeString:
    """Escaped text in which addresses of pages and people are links."""
    out: list[str] = []
    at = 0
    for match in LINK.finditer(text):
        found = match.group().rstrip(TRAILING)
        while found.endswith(")") and found.count(")") > found.count("("):
            found = found[:-1].rstrip(TRAILING)
        out.append(escape(text[at : match.start()]))
        if match.group("url"):
            out.append(f'<a href="{escape(found)}" target="_blank" rel="noopener noreferrer">{escape(found)}</a>')
        else:
            out.append(f'<a href="mailto:{escape(found)}" data-write-to="{escape(found)}">{escape(found)}</a>')
        at = match.start() + len(found)
    out.append(escape(text[at:]))
    return mark_safe("".join(out))


def unflow(text: str, *, delsp: bool = False) -> str:
    """format=flowed lines joined again (RFC 3676 section 4.2)."""
    out: list[str] = []
    open_depth: int | None = None  # the quote depth of a line that goes on
    for line in text.replace("\r\n", "\n").split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        content = line[depth:]
        content = content[1:] if content.startswith(" ") else content  # space-stuffing
        is_flowed = content.endswith(" ") and content != "-- "
        content = content[:-1] if is_flowed and delsp else content
        if open_depth == depth:
            out[-1] += content
        else:
            out.append(">" * depth + (" " if depth and content else "") + content)
        open_depth = depth if is_flowed else None
    return "\n".join(out)
