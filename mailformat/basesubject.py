"""The base subject of SORT and THREAD (RFC 5256 section 2.1)."""

from __future__ import annotations

import re

_WHITE = re.compile(r"[ \t\r\n]+")
_BLOB = r"\[[^\[\]]*\] ?"
# subj-leader = (*subj-blob subj-refwd) / WSP; subj-refwd = ("re" / ("fw" ["d"])) *WSP [subj-blob] ":"
_REFWD = re.compile(rf"(?:{_BLOB})*(?:re|fwd?) ?(?:{_BLOB})?:", re.IGNORECASE)
_ONE_BLOB = re.compile(_BLOB)
_TRAILER = "(fwd)"
_FORWARD = "[fwd:"
# Blobs, leaders and trailers taken off one subject: each look costs its length.
_MAX_ROUNDS = 1_000


def base_subject(subject: str) -> tuple[str, bool]:
    """A decoded subject -> its base subject, and whether it says that the message is a reply or a forward."""
    text = _WHITE.sub(" ", subject)
    is_reply = False
    for _ in range(_MAX_ROUNDS):
        text, trailed = _without_trailers(text)
        text, led = _without_leaders(text)
        is_reply = is_reply or trailed or led
        if not (text[:5].lower() == _FORWARD and text.endswith("]")):
            break
        text, is_reply = text[5:-1], True
    return text, is_reply


def _without_trailers(text: str) -> tuple[str, bool]:
    """Step 2; True: a "(fwd)" was among them."""
    found = False
    text = text.rstrip(" ")
    while text[-5:].lower() == _TRAILER:
        text, found = text[:-5].rstrip(" "), True
    return text, found


def _without_leaders(text: str) -> tuple[str, bool]:
    """Steps 3 to 5; True: a "re:" or "fwd:" was among them."""
    found = False
    for _ in range(_MAX_ROUNDS):
        text = text.lstrip(" ")
        if leader := _REFWD.match(text):
            text, found = text[leader.end() :], True
        elif (blob := _ONE_BLOB.match(text)) and text[blob.end() :].strip(" "):
            text = text[blob.end() :]
        else:
            break
    return text, found
