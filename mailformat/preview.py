"""The first words of a message, for a list of messages."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from mailformat.decoding import octets_to_text
from mailformat.headers import without_controls
from mailformat.limits import MAX_PREVIEW, MAX_PREVIEW_HTML, MAX_PREVIEW_TEXT
from mailformat.parts import Part
from mailformat.transfer import undo

# "-- " is the signature's line (RFC 3676 section 4.3); the others start a quoted original.
_ENDS = ("--", "-----Original Message-----", "-----Message d'origine-----", "________________________________")
# Newsletters fill up their preview with characters that nobody sees.
_UNSEEN = re.compile("[\u00ad\u034f\u061c\u115f\u17b4\u17b5\u200b-\u200f\u2060-\u2064\ufeff]+")
_HIDDEN = ["head", "style", "script", "title", "template"]


def preview(data: bytes, root: Part) -> str:
    """At most MAX_PREVIEW characters on one line: the text without quoted lines and signature."""
    part = _first_text(root)
    if part is None:
        return ""
    limit = MAX_PREVIEW_HTML if part.subtype == "html" else MAX_PREVIEW_TEXT
    octets = undo(data[part.body_start : min(part.end, part.body_start + limit)], part.encoding)
    if part.size > limit:
        octets = octets[: octets.rfind(b" ") + 1] or octets  # no half character at the cut
    text = octets_to_text(octets, part)
    if part.subtype == "html":
        text = _visible(text)
    return without_controls(_first_words(text)[:MAX_PREVIEW].rstrip())


def _first_text(root: Part) -> Part | None:
    """The first plain text that is no attachment, else the first HTML."""
    if root.type == "text" and not root.children:
        return root
    html = None
    waiting = [root]
    while waiting:
        part = waiting.pop()
        waiting.extend(reversed(part.children))
        if part.type != "text" or part.disposition == "attachment" or not part.size:
            continue
        if part.subtype == "plain":
            return part
        if html is None and part.subtype == "html":
            html = part
    return html


def _visible(html: str) -> str:
    tree = LexborHTMLParser(html)
    tree.strip_tags(_HIDDEN)
    text = tree.body.text(separator=" ") if tree.body is not None else ""
    return _UNSEEN.sub("", text)


def _first_words(text: str) -> str:
    """The first lines that somebody wrote; where everything is quoted, the quotation."""
    kept: list[str] = []
    length = 0
    for line in text.split("\n"):
        line = line.strip()
        if line.startswith(">"):
            if kept and kept[-1].endswith(":"):  # "On Monday bob wrote:"
                length -= len(kept.pop())
            continue
        if line in _ENDS:
            break
        if line:
            kept.append(line)
            length += len(line) + 1
            if length > 2 * MAX_PREVIEW:
                break
    words = " ".join(kept).split()
    return " ".join(words or text.replace(">", " ").split())
