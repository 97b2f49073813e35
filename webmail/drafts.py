"""A letter being written: what the form carries, and its form as a message in Drafts.

A draft is a real message, so that every mail client can go on writing it. What only the webmail
knows (which message it answers) travels in one field of its own, which is gone when it is sent.
"""

import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from directory import site
from directory.accounts import AccountInfo
from mailformat import compose, mime
from mailformat.addresses import Mailbox
from mailstore import append, flags, messages
from mailstore.append import NewMessage
from webmail import actions, letters, parts
from webmail.bodies import totext
from webmail.letters import Opened
from webmail.recipients import one_as_text

ANSWERS_FIELD = "X-Facteur-Answers"  # "<mailbox id>.<uid>.<reply|forward>"
ANSWERS = re.compile(r"^(\d{1,17})\.(\d{1,17})\.(reply|forward)$")
# Twice this in base64 still passes the message limit of the other doors.
MAX_ATTACHMENTS = 25 * 1024 * 1024  # octets, all files of a letter together


@dataclass(frozen=True, slots=True)
class Carried:
    """A file that is stored already, in a draft or in the message that is forwarded.

    token: "<mailbox id>.<uid>.<part number>".
    """

    token: str
    name: str
    size: int
    icon: str
    hue: int


@dataclass(frozen=True, slots=True)
class Writing:
    """What the writing page starts with."""

    to: str = ""
    cc: str = ""
    bcc: str = ""
    subject: str = ""
    text: str = ""
    draft: int = 0
    answers: str = ""
    in_reply_to: str = ""
    references: str = ""
    files: tuple[Carried, ...] = ()


@dataclass(frozen=True, slots=True)
class Finished:
    """A letter as the form gives it back, checked."""

    to: Sequence[Mailbox]
    cc: Sequence[Mailbox]
    bcc: Sequence[Mailbox]
    subject: str
    text: str
    in_reply_to: str = ""
    references: str = ""
    answers: str = ""
    attachments: Sequence[compose.Attachment] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Nothing was written: not worth a draft."""
        return not (self.to or self.cc or self.bcc or self.subject or self.text.strip() or self.attachments)


def carried(opened: Opened) -> tuple[Carried, ...]:
    """The files of a stored message, to keep or to forward."""
    place = f"{opened.view.mailbox_id}.{opened.view.row.uid}"
    shown = [letters.file_view(opened, part) for part in opened.layout.files]
    return tuple(Carried(f"{place}.{one.number}", one.name, one.size, one.icon, one.hue) for one in shown)


def attachment(opened: Opened, number: str) -> compose.Attachment | None:
    """A stored file as an attachment of the next form of the letter."""
    part = mime.find_part(opened.root, number)
    if part is None or part.type == "multipart":
        return None
    name = parts.file_name(part, "attachment")
    return compose.Attachment(name, part.content_type, mime.decoded(opened.data, part), part.content_id.strip("<>"))


def uploaded(file: UploadedFile) -> compose.Attachment:
    """An upload as an attachment; its type is the browser's word, checked for form only."""
    kind = (file.content_type or "").lower()
    is_type = re.fullmatch(r"[a-z0-9][\w.+-]*/[a-z0-9][\w.+-]*", kind) and not kind.startswith(
        ("multipart/", "message/")
    )
    return compose.Attachment(file.name or "attachment", kind if is_type else "application/octet-stream", file.read())


def build(account: AccountInfo, letter: Finished) -> tuple[bytes, bytes]:
    """The letter as a message: as it is sent, and with its Bcc as the writer keeps it."""
    local, _, domain = account.address.rpartition("@")
    draft = compose.Draft(
        from_=Mailbox(account.display_name, local, domain),
        to=tuple(letter.to),
        cc=tuple(letter.cc),
        bcc=tuple(letter.bcc),
        subject=" ".join(letter.subject.split()),
        text=letter.text.replace("\r\n", "\n"),
        attachments=tuple(letter.attachments),
        in_reply_to=letter.in_reply_to.strip("<> "),
        references=tuple(re.findall(r"<([^<>\s]+)>", letter.references)),
        message_id=f"{secrets.token_hex(16)}@{site.hostname()}",
        date=int(time.time()),
        tz=timezone.get_current_timezone(),
    )
    return compose.build(draft), compose.build(draft, with_bcc=True)


def save(account: AccountInfo, letter: Finished, old_uid: int) -> tuple[int, int]:
    """Keeps the letter in Drafts in place of its last form; (mailbox id, new uid)."""
    mailbox = actions.special(account.id, "\\Drafts")
    data = build(account, letter)[1]
    if ANSWERS.match(letter.answers):
        data = f"{ANSWERS_FIELD}: {letter.answers}\r\n".encode() + data
    new = NewMessage(data, flags.SEEN | flags.DRAFT)
    uid = append.append_messages(account.id, mailbox.id, [new]).uids[0]
    if old_uid:
        messages.delete_messages(account.id, mailbox.id, [old_uid])
    return mailbox.id, uid


def load(opened: Opened) -> Writing:
    """A draft as the writing page shows it again."""
    answers = opened.header(ANSWERS_FIELD)
    return Writing(
        to=_field(opened, "To"),
        cc=_field(opened, "Cc"),
        bcc=_field(opened, "Bcc"),
        subject=opened.view.row.subject,
        text=plain_text(opened),
        draft=opened.view.row.uid,
        answers=answers if ANSWERS.match(answers) else "",
        in_reply_to=opened.header("In-Reply-To"),
        references=opened.header("References"),
        files=carried(opened),
    )


def _field(opened: Opened, name: str) -> str:
    return ", ".join(one_as_text(person.name, person.address) for person in opened.people(name))


def plain_text(opened: Opened) -> str:
    """The text of a message without markup, its bodies one below the other."""
    texts = []
    for body in opened.layout.bodies:
        part = body.plain or body.part
        text = mime.text_of(opened.data, part)
        texts.append(totext.text_of_html(text) if part.content_type == "text/html" else text)
    return "\n\n".join(text.replace("\r\n", "\n").rstrip("\n") for text in texts)
