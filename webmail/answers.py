"""Reply, reply to all, forward: what the writing page starts with."""

from typing import Literal

from django.utils.translation import gettext

from webmail import drafts, formats
from webmail.drafts import Writing
from webmail.letters import Opened, Person
from webmail.recipients import one_as_text

Kind = Literal["reply", "all", "forward"]
MAX_REFERENCES = 20  # ids in a References field; the first and the latest are kept (RFC 5322 section 3.6.4)


def start(opened: Opened, you: str, kind: Kind) -> Writing:
    """The answer to a message of the account with the address `you`."""
    row = opened.view.row
    place = f"{opened.view.mailbox_id}.{row.uid}"
    if kind == "forward":
        return Writing(
            subject=_prefixed(row.subject, "Fwd:"),
            text=_forwarded(opened),
            answers=f"{place}.forward",
            references=_references(opened),
            files=drafts.carried(opened),
        )
    to, cc = _recipients(opened, you, kind)
    return Writing(
        to=_text(to),
        cc=_text(cc),
        subject=_prefixed(row.subject, "Re:"),
        text=_quoted(opened),
        answers=f"{place}.reply",
        in_reply_to=f"<{opened.view.message_id}>" if opened.view.message_id else "",
        references=_references(opened),
    )


def _recipients(opened: Opened, you: str, kind: Kind) -> tuple[list[Person], list[Person]]:
    """Whom the answer goes to: Reply-To before From; an answer to one's own letter goes on to its readers."""
    senders = opened.people("Reply-To", you) or opened.people("From", you)
    to = senders if any(not one.is_you for one in senders) else opened.people("To", you)
    if kind == "reply":
        return to, []
    known = {one.address.lower() for one in to} | {you}
    others: list[Person] = []
    for one in [*opened.people("To", you), *opened.people("Cc", you)]:
        if one.address.lower() not in known:
            known.add(one.address.lower())
            others.append(one)
    return to, others


def _text(people: list[Person]) -> str:
    return ", ".join(one_as_text(one.name, one.address) for one in people)


def _prefixed(subject: str, prefix: str) -> str:
    subject = subject.strip()
    return subject if subject.lower().startswith(prefix.lower()) else f"{prefix} {subject}".strip()


def _references(opened: Opened) -> str:
    """The ids of the thread, this message last (RFC 5322 section 3.6.4)."""
    ids = (opened.header("References") or opened.header("In-Reply-To")).split()
    if opened.view.message_id:
        ids.append(f"<{opened.view.message_id}>")
    return " ".join(ids if len(ids) <= MAX_REFERENCES else [ids[0], *ids[1 - MAX_REFERENCES :]])


def _quoted(opened: Opened) -> str:
    """An empty line to write on, then the other's words with > before each line."""
    row = opened.view.row
    when = formats.local(row.sent_at or row.internal_date)
    head = gettext("On %(day)s at %(hour)s, %(who)s wrote:") % {
        "day": formats.long_date(when),
        "hour": when.strftime("%H:%M"),
        "who": row.sender or row.sender_address,
    }
    lines = drafts.plain_text(opened).partition("\n-- \n")[0].rstrip().split("\n")
    quoted = "\n".join(f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in lines)
    return f"\n\n{head}\n{quoted}\n"


def _forwarded(opened: Opened) -> str:
    labels = {
        "From": gettext("From"), "To": gettext("To"), "Cc": gettext("Cc"),
        "Date": gettext("Date"), "Subject": gettext("Subject"),
    }  # fmt: skip
    head = [f"{label}: {value}" for name, label in labels.items() if (value := opened.header(name))]
    title = gettext("Forwarded message")
    return f"\n\n---------- {title} ----------\n" + "\n".join(head) + "\n\n" + drafts.plain_text(opened) + "\n"
