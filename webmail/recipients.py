"""What was typed into To, Cc and Bcc: addresses, and what is wrong with each bad one."""

from dataclasses import dataclass

from django.utils.translation import gettext

from delivery.recipients import (
    MAILBOX_FULL,
    MESSAGE_TOO_BIG_FOR_MAILBOX,
    NO_OUTSIDE_DELIVERY,
    SenderContext,
    check_recipient,
)
from delivery.transaction import Refusal
from directory.accounts import AccountInfo
from directory.addresses import fold_address, split_address
from mailformat.addresses import Mailbox, parse_list

MAX_RECIPIENTS = 500  # of one message from the webmail: a year of a school; RFC 5321 section 4.5.3.1.8 asks for 100


@dataclass(frozen=True, slots=True)
class Problem:
    """An address that cannot stay, as typed, and a sentence that says why; a draft keeps its mailbox."""

    typed: str
    text: str
    mailbox: Mailbox | None = None


def split(text: str) -> list[str]:
    """The single addresses of a field: at commas, semicolons and line ends outside quotes and brackets."""
    out, current, quoted, angle = [], "", False, False
    for char in text:
        if char == '"':
            quoted = not quoted
        elif char in "<>" and not quoted:
            angle = char == "<"
        if char in ",;\n" and not quoted and not angle:
            out.append(current)
            current = ""
        else:
            current += char
    return [part.strip() for part in [*out, current] if part.strip()]


def parse(text: str) -> tuple[list[Mailbox], list[Problem]]:
    """The mailboxes of a field, and the pieces that are none."""
    good: list[Mailbox] = []
    bad: list[Problem] = []
    for piece in split(text):
        found = [one for one in parse_list(piece) if isinstance(one, Mailbox)]
        mailbox = found[0] if len(found) == 1 and found[0].localpart else None
        problem = _problem(mailbox, piece)
        if problem:
            bad.append(Problem(piece, problem, mailbox))
        else:
            good.append(found[0])
    return good, bad


def _problem(mailbox: Mailbox | None, typed: str) -> str:
    words = {"address": typed}
    if mailbox is None or "@" not in typed:
        return gettext("“%(address)s” is not an address. It needs a name, an “@” and a domain.") % words
    if not mailbox.domain:
        return gettext("“%(address)s” is incomplete: what follows “@” is missing.") % words
    if "." not in mailbox.domain.strip("."):
        return gettext("“%(address)s” is incomplete: the end is missing, for example “.fr”.") % words
    try:
        fold_address(mailbox.address)
    except ValueError:
        return gettext("“%(address)s” has a character that an address cannot have.") % words
    return ""


def refused(mailboxes: list[Mailbox], account: AccountInfo, size: int = 0) -> list[Problem]:
    """Those whom this server cannot deliver to, each with the reason."""
    problems = []
    for mailbox in mailboxes:
        answer = check_recipient(mailbox.address, SenderContext(account, size))
        if isinstance(answer, Refusal):
            problems.append(Problem(mailbox.address, _sentence(answer, mailbox.address)))
    return problems


def _sentence(refusal: Refusal, address: str) -> str:
    domain = split_address(address)[1]
    if refusal == NO_OUTSIDE_DELIVERY:
        text = gettext("This server does not deliver outside yet, so nothing can go to %(domain)s.")
    elif refusal == MAILBOX_FULL:
        text = gettext("The mailbox of %(address)s is full.")
    elif refusal == MESSAGE_TOO_BIG_FOR_MAILBOX:
        text = gettext("This message does not fit into the mailbox of %(address)s.")
    else:
        text = gettext("There is nobody with the address %(address)s here.")
    return text % {"domain": domain, "address": address}


def as_text(mailboxes: list[Mailbox]) -> str:
    """The other way: text for a field."""
    return ", ".join(one_as_text(one.name, one.address) for one in mailboxes)


def one_as_text(name: str, address: str) -> str:
    """`Bob Lefèvre <bob@mondomaine.fr>`, with the name in quotes where it needs them."""
    if not name or name == address:
        return address
    plain = all(char.isalnum() or char in " -_'’" for char in name)
    escaped = name if plain else '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{escaped} <{address}>"
