"""Which names LIST and LSUB give, and what they say of each (RFC 3501 section 7.2.2, RFC 5258, RFC 6154)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from unicodedata import normalize

from mailstore.mailboxes import MailboxInfo
from protocols.imap.wire.errors import BadMailboxName
from protocols.imap.wire.patterns import DELIMITER, Pattern
from protocols.imap.wire.response import mailbox
from protocols.imap.wire.scanner import mailbox_name


@dataclass(slots=True)
class Name:
    """A name of the hierarchy; `info` is None where there is only a subscription, or only names below."""

    name: str
    info: MailboxInfo | None
    subscribed: bool
    has_children: bool
    is_level: bool = False  # only to lead to those below
    child_info: set[str] = field(default_factory=set)  # selection options that a name below meets (RFC 5258 3.5)


def all_names(boxes: Iterable[MailboxInfo], subscriptions: Iterable[str]) -> list[Name]:
    """Mailboxes and subscribed names without one, INBOX first."""
    subscribed = set(subscriptions)
    names = {box.name: Name(box.name, box, box.name in subscribed, box.has_children) for box in boxes}
    for name in subscribed - names.keys():
        names[name] = Name(name, None, True, False)
    return sorted(names.values(), key=lambda each: (each.name != "INBOX", each.name))


def levels_above(names: Iterable[Name]) -> list[Name]:
    """Levels above mailboxes of others that are none themselves, or none that may be seen (RFC 4314 section 4)."""
    known = {each.name for each in names}
    return [
        Name(above, None, False, True, is_level=True)
        for above in sorted({above for each in names if each.info and each.info.reader for above in parents(each.name)})
        if above not in known
    ]


def patterns(reference: bytes, wanted: Iterable[bytes], *, utf8: bool) -> list[Pattern]:
    """The patterns behind the reference. INBOX matches in any case; what is no name matches nothing.

    Nor does an empty one (RFC 5258 section 3); LIST's basic form asks for the delimiter with it.
    """
    found = []
    for each in filter(None, wanted):
        try:
            text = normalize("NFC", mailbox_name(reference + each, utf8=utf8))  # as the store has them
        except BadMailboxName:
            continue
        found.append(Pattern(text))
        if text[:5].upper() == "INBOX" and text[5:6] in ("", DELIMITER, "*", "%"):
            found.append(Pattern("INBOX" + text[5:]))
    return found


def matches(name: str, wanted: Iterable[Pattern]) -> bool:
    """One of them fits."""
    return any(pattern.matches(name) for pattern in wanted)


def parents(name: str) -> list[str]:
    """The names above, nearest first."""
    levels = name.split(DELIMITER)
    return [DELIMITER.join(levels[:depth]) for depth in range(len(levels) - 1, 0, -1)]


def list_line(each: Name, *, subscribed: bool, utf8: bool, old: str = "") -> bytes:
    """`* LIST (\\HasNoChildren \\Sent) "/" "Sent"`"""
    attributes = []
    if each.is_level:
        attributes.append(b"\\Noselect")
    elif each.info is None:
        attributes.append(b"\\NonExistent")
    elif not each.info.selectable:
        attributes.append(b"\\Noselect")
    if subscribed and each.subscribed:
        attributes.append(b"\\Subscribed")
    attributes.append(b"\\HasChildren" if each.has_children else b"\\HasNoChildren")
    if each.info is not None and each.info.special_use:
        attributes.append(each.info.special_use.encode())
    extra = b""
    if each.child_info:
        extra = b' ("CHILDINFO" (%b))' % b" ".join(b'"%b"' % option.encode() for option in sorted(each.child_info))
    if old:
        extra = b' ("OLDNAME" (%b))' % mailbox(old, utf8=utf8)
    return b'* LIST (%b) "/" %b%b\r\n' % (b" ".join(attributes), mailbox(each.name, utf8=utf8), extra)
