"""The view model of one message being read."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext

from mailformat import addresses, headers, mime
from mailformat.mime import Part
from mailstore import flags, reading
from mailstore.listing import MessageView
from webmail import formats, parts, rows
from webmail.bodies import cleaning, plain
from webmail.parts import Layout

IMAGE_SALT = "webmail.remote-image"
ENCRYPTED = frozenset("ESMTPS ESMTPSA LMTPS LMTPSA UTF8SMTPS UTF8SMTPSA UTF8LMTPS".split())  # RFC 3848, RFC 6531  # noqa: SIM905
CLEAR = frozenset("SMTP ESMTP ESMTPA LMTP LMTPA UTF8SMTP UTF8SMTPA".split())  # noqa: SIM905
NAMED = 3  # recipients named at the head of a letter; the rest are counted
KINDS = {  # what an attachment is, by its type: icon and hue
    "image": ("image", 4), "text": ("file-text", 6), "audio": ("file-text", 7), "video": ("file-text", 7),
    "message": ("mail", 5), "application": ("file-text", 1),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in an address field; name falls back to the address."""

    name: str
    address: str
    is_you: bool = False


@dataclass(frozen=True, slots=True)
class BodyView:
    """A text to read: blocks of plain text, or the address of the document of an HTML part."""

    blocks: list[plain.Block]
    frame_url: str = ""
    other_form_url: str = ""  # the plain text of an HTML part


@dataclass(frozen=True, slots=True)
class FileView:
    number: str
    name: str
    size: int
    icon: str
    hue: int
    url: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A message with everything that the reading pane shows."""

    where: rows.Where
    uid: int
    subject: str
    sender: Person
    to: list[Person]
    cc: list[Person]
    reply_to: list[Person]
    at: int
    is_unread: bool
    is_starred: bool
    bodies: list[BodyView]
    files: list[FileView]
    remote_images: int
    shows_images: bool
    travelled: str  # "encrypted", "clear" or "" where we cannot tell
    newer_url: str
    older_url: str
    headers: list[tuple[str, str]]

    @property
    def images_url(self) -> str:
        """This message with its remote pictures."""
        return reverse("webmail:message", args=[self.where.mailbox.id, self.uid]) + self.where.query(images=1)

    @property
    def others(self) -> int:
        """How many recipients are not named at the head."""
        return len(self.to) - NAMED

    @property
    def short_time(self) -> str:
        return formats.row_time(self.at)


@dataclass(frozen=True, slots=True)
class Opened:
    """A message read from the store and taken apart; the ground of every view of it."""

    account_id: int
    view: MessageView
    data: bytes
    root: Part
    layout: Layout

    def header(self, name: str) -> str:
        """A decoded header field, "" when there is none."""
        found = headers.find(self.data[self.root.header_start : self.root.body_start], name)
        return headers.decode(found).strip() if found is not None else ""

    def people(self, name: str, you: str = "") -> list[Person]:
        """The mailboxes of an address field, groups opened."""
        found = headers.find(self.data[self.root.header_start : self.root.body_start], name)
        if found is None:
            return []
        flat: list[addresses.Mailbox] = []
        for one in addresses.parse_list(found):
            flat.extend(one.members if isinstance(one, addresses.Group) else [one])
        return [Person(box.name or box.address, box.address, box.address.lower() == you) for box in flat]


def open_message(account_id: int, view: MessageView) -> Opened:
    """Reads the content: one read of the store."""
    root = mime.load(view.structure)
    return Opened(account_id, view, reading.read_content(view.content_id), root, parts.lay_out(root))


def proxy_for(account_id: int) -> Callable[[str], str]:
    """Makes addresses of ours for remote pictures; signed, so that nobody fetches other things through us."""
    signer = signing.Signer(salt=f"{IMAGE_SALT}.{account_id}")
    path = reverse("webmail:remote_image")
    return lambda url: f"{path}?{urlencode({'u': signer.sign(url)})}"


def clean_html(opened: Opened, part: Part, *, with_images: bool) -> cleaning.Cleaned:
    """The HTML of one part made safe, with its inline pictures served from the message."""
    view = opened.view
    cids = {
        cid: reverse("webmail:inline", args=[view.mailbox_id, view.row.uid, inline.number])
        for cid, inline in opened.layout.inline.items()
        if inline.type == "image" and inline.subtype != "svg+xml"
    }
    return cleaning.clean(
        mime.text_of(opened.data, part),
        cids=cids,
        proxy=proxy_for(opened.account_id) if with_images else None,
        write_to=reverse("webmail:compose"),
    )


def text_blocks(opened: Opened, part: Part) -> list[plain.Block]:
    """A plain text part in blocks; flowed text is joined first."""
    text = mime.text_of(opened.data, part)
    if part.params.get("format", "").lower() == "flowed":
        text = plain.unflow(text, delsp=part.params.get("delsp", "").lower() == "yes")
    return plain.blocks_of(text)


def letter(opened: Opened, where: rows.Where, you: str, *, with_images: bool, as_text: bool) -> Letter:
    """The view model of the reading pane."""
    view, row = opened.view, opened.view.row
    bodies, used, remote = _bodies(opened, where, with_images=with_images, as_text=as_text)
    sender = opened.people("From", you) or [Person(row.sender or gettext("(unknown sender)"), row.sender_address)]
    return Letter(
        where=where,
        uid=row.uid,
        subject=row.subject.strip() or gettext("(no subject)"),
        sender=sender[0],
        to=opened.people("To", you),
        cc=opened.people("Cc", you),
        reply_to=[one for one in opened.people("Reply-To") if one.address != sender[0].address],
        at=row.sent_at or row.internal_date,
        is_unread=not row.flags & flags.SEEN,
        is_starred=bool(row.flags & flags.FLAGGED),
        bodies=bodies,
        files=[file_view(opened, part) for part in opened.layout.files if part.content_id.strip("<>") not in used],
        remote_images=0 if with_images else remote,
        shows_images=with_images,
        travelled=travelled(opened),
        newer_url=where.message_url(view.newer_uid) if view.newer_uid else "",
        older_url=where.message_url(view.older_uid) if view.older_uid else "",
        headers=[(name, opened.header(name)) for name in ("From", "To", "Cc", "Bcc", "Reply-To", "Date", "Message-ID")],
    )


def _bodies(
    opened: Opened, where: rows.Where, *, with_images: bool, as_text: bool
) -> tuple[list[BodyView], set[str], int]:
    """The bodies, the content ids that they show, and how many remote pictures they leave out."""
    shown: list[BodyView] = []
    used: set[str] = set()
    remote = 0
    here = reverse("webmail:message", args=[opened.view.mailbox_id, opened.view.row.uid])
    for body in opened.layout.bodies:
        if not body.is_html or (as_text and body.plain is not None):
            shown.append(BodyView(text_blocks(opened, body.plain if body.is_html and body.plain else body.part)))
            continue
        cleaned = clean_html(opened, body.part, with_images=False)
        used |= cleaned.used_cids
        remote += cleaned.remote_images
        frame = reverse("webmail:body", args=[opened.view.mailbox_id, opened.view.row.uid, body.part.number])
        other = here + where.query(text="1") if body.plain is not None else ""
        shown.append(BodyView([], frame + ("?images=1" if with_images else ""), other))
    return shown, used, remote


def file_view(opened: Opened, part: Part) -> FileView:
    """One attachment as it is listed."""
    icon, hue = KINDS.get(part.type, KINDS["application"])
    fallback = gettext("message") if part.type == "message" else gettext("attachment")
    return FileView(
        number=part.number,
        name=parts.file_name(part, fallback),
        size=parts.decoded_size(part),
        icon=icon,
        hue=hue,
        url=reverse("webmail:file", args=[opened.view.mailbox_id, opened.view.row.uid, part.number]),
    )


def travelled(opened: Opened) -> str:
    """Whether the last hop to us was encrypted, by the Received field that this server wrote (RFC 3848)."""
    field = headers.find(opened.data[opened.root.header_start : opened.root.body_start], "Received")
    if field is None:
        return ""
    words = headers.decode(field).partition(";")[0].split()
    lowered = [word.lower() for word in words]
    if "with" not in lowered[:-1]:
        return ""
    protocol = words[lowered.index("with") + 1].upper()
    return "encrypted" if protocol in ENCRYPTED else "clear" if protocol in CLEAR else ""
