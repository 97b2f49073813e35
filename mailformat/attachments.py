"""What a reader calls an attachment."""

from __future__ import annotations

from mailformat.parts import Part

# Parts of the machinery of a message: signatures, keys of encryption, delivery reports.
_MACHINERY = frozenset({
    "application/pgp-signature", "application/pgp-encrypted", "application/pkcs7-signature",
    "application/x-pkcs7-signature", "message/delivery-status", "message/disposition-notification",
    "message/feedback-report", "text/rfc822-headers",
})  # fmt: skip
_CLOSED_BOXES = ("encrypted", "report", "digest")


def attachments(root: Part) -> list[Part]:
    """The parts to offer as attachments: files and attached messages, but neither the text in its
    forms nor pictures that its HTML shows. What is inside an attached message belongs to that."""
    found: list[Part] = []
    waiting: list[tuple[Part, Part | None]] = [(root, None)]
    while waiting:
        part, parent = waiting.pop()
        if part.type == "multipart":
            if part.subtype not in _CLOSED_BOXES:
                waiting.extend((child, part) for child in reversed(part.children))
        elif _is_attachment(part, parent):
            found.append(part)
    return found


def has_attachments(root: Part) -> bool:
    """Whether there is anything to show a paper clip for."""
    if root.type == "text" and root.disposition != "attachment":
        return False
    return bool(attachments(root))


def _is_attachment(part: Part, parent: Part | None) -> bool:
    if part.content_type in _MACHINERY:
        return False
    if parent is not None and parent.subtype == "related" and part is not parent.children[0]:
        # RFC 2387: shown inside the first part. Outlook marks even these as attachments.
        return not (part.content_id or part.disposition == "inline" or part.type == "image")
    if part.disposition == "attachment":
        return True
    if parent is not None and parent.subtype == "alternative":
        return False
    if part.type == "text":
        return bool(part.filename) and not (part.subtype in ("plain", "html") and part.disposition == "inline")
    # A picture with a Content-ID and shown in place is the HTML's, even outside multipart/related.
    return not (part.type == "image" and part.content_id and part.disposition == "inline")
