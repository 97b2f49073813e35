"""Addresses of messages (RFC 5322 section 3.4 and its obsolete forms 4.4). Junk never raises."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from mailformat.addresstokens import Token, tokens
from mailformat.headers import decode, unfold
from mailformat.limits import MAX_ADDRESSES


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One address: decoded display name, local part without quoting, domain ("" where it is missing)."""

    name: str
    localpart: str
    domain: str

    @property
    def address(self) -> str:
        """`localpart@domain` for display and comparison (not quoted for the wire)."""
        return f"{self.localpart}@{self.domain}" if self.domain else self.localpart


@dataclass(frozen=True, slots=True)
class Group:
    """A named group of mailboxes (RFC 5322 section 3.4)."""

    name: str
    members: tuple[Mailbox, ...]


@dataclass(frozen=True, slots=True)
class RawAddress:
    """An address as IMAP's ENVELOPE wants it: octets, quoting removed, encoded words left in.

    `host` None marks a group (RFC 3501 section 7.4.2): with a local part its start, without its end.
    """

    name: bytes | None
    route: bytes | None
    local: bytes | None
    host: bytes | None


GROUP_END = RawAddress(None, None, None, None)

# Nothing but commas, white space, angle brackets and plain characters: no need for tokens.
_NOT_SIMPLE = re.compile(rb'["()\\;:\[\]]')
_WORD = re.compile(rb"[^\s<>@,]+")


def parse_list(value: bytes | str) -> list[Mailbox | Group]:
    """The addresses of a field value, display names decoded."""
    raw = value if isinstance(value, bytes) else value.encode("utf-8", "replace")
    result: list[Mailbox | Group] = []
    group: str | None = None
    members: list[Mailbox] = []
    for item in parse_raw(raw):
        if item.host is not None:
            name = decode(item.name) if item.name else ""
            mailbox = Mailbox(name, decode(item.local or b""), decode(item.host))
            (result if group is None else members).append(mailbox)
        elif item.local is not None:
            group, members = decode(item.local), []
        elif group is not None:
            result.append(Group(group, tuple(members)))
            group = None
    return result


def mailboxes(value: bytes | str) -> tuple[Mailbox, ...]:
    """All mailboxes of a field value, those in groups included."""
    return _remembered_mailboxes(value) if len(value) < _WORTH_REMEMBERING else _mailboxes(value)


def _mailboxes(value: bytes | str) -> tuple[Mailbox, ...]:
    flat: list[Mailbox] = []
    for item in parse_list(value):
        if isinstance(item, Group):
            flat.extend(item.members)
        else:
            flat.append(item)
    return tuple(flat)


def parse_raw(value: bytes) -> Sequence[RawAddress]:
    """The addresses as octets; at most MAX_ADDRESSES."""
    return _remembered(value) if len(value) < _WORTH_REMEMBERING else _parse_raw(value)


def _parse_raw(value: bytes) -> Sequence[RawAddress]:
    value = unfold(value)
    if not _NOT_SIMPLE.search(value) and (b"=?" not in value or b"," not in value):
        simple = _simple(value)
        if simple is not None:
            return simple
    return _Parser(value).run()


# An arriving message needs its addresses twice, and the same people write again and again.
_WORTH_REMEMBERING = 200
_remembered = lru_cache(maxsize=2048)(_parse_raw)
_remembered_mailboxes = lru_cache(maxsize=2048)(_mailboxes)


def _simple(value: bytes) -> list[RawAddress] | None:
    """`a@b, Name Words <a@b>`; None where it is anything else."""
    out: list[RawAddress] = []
    for piece in value.split(b",", MAX_ADDRESSES):
        name, angle, rest = piece.partition(b"<")
        spec = rest.rstrip() if angle else piece.strip()
        if angle:
            if not spec.endswith(b">"):
                return None
            spec = spec[:-1].strip()
        local, at, host = spec.partition(b"@")
        if not (at and _WORD.fullmatch(local) and _WORD.fullmatch(host)):
            if not piece.strip():
                continue
            return None
        words = b" ".join(name.split()) if angle else b""
        if b">" in words or b"@" in words:
            return None
        out.append(RawAddress(words or None, None, local, host))
    return out[:MAX_ADDRESSES]


class _Parser:
    """One pass over the tokens; whatever they are, something sensible is kept."""

    def __init__(self, value: bytes) -> None:
        self.tokens: Iterator[Token] = tokens(value)
        self.out: list[RawAddress] = []
        self.in_group = False
        self.clear()

    def clear(self) -> None:
        self.words: list[Token] = []
        self.comment: bytes | None = None
        self.angle: list[Token] | None = None
        self.behind: list[Token] = []

    def run(self) -> list[RawAddress]:
        for token in self.tokens:
            if len(self.out) >= MAX_ADDRESSES:
                break
            self.take(token)
        self.flush()
        if self.in_group:
            self.out.append(GROUP_END)
        return self.out

    def take(self, token: Token) -> None:
        kind = token.kind
        if kind == "comment":
            self.comment = token.text or self.comment
        elif kind == "," or (kind == ";" and not self.in_group):
            self.flush()
        elif kind == ";":
            self.flush()
            self.out.append(GROUP_END)
            self.in_group = False
        elif kind == "<":
            if self.angle is not None:  # two addresses without the comma
                behind = self.behind
                self.flush()
                self.words = behind
            self.angle = self.inside_angle()
        elif kind == ":" and not self.in_group and self.angle is None and not _has_at(self.words):
            self.out.append(RawAddress(None, None, phrase(self.words), None))
            self.in_group = True
            self.clear()
        elif kind != ">":
            (self.words if self.angle is None else self.behind).append(token)

    def inside_angle(self) -> list[Token]:
        """The tokens up to ">"; a missing one ends with the field."""
        inside: list[Token] = []
        for token in self.tokens:
            if token.kind == ">":
                break
            if token.kind != "comment" and token.kind != "<":
                inside.append(token)
        return inside

    def flush(self) -> None:
        if self.angle is not None:
            route, local, host = address_spec(self.angle)
            name = phrase(self.words) or self.comment
            if name or local or host:
                self.out.append(RawAddress(name or None, route, local, host))
        elif self.words:
            route, local, host = address_spec(self.words)
            self.out.append(RawAddress(self.comment, route, local, host))
        self.clear()


def _has_at(words: list[Token]) -> bool:
    return any(word.kind == "@" for word in words)


def phrase(words: list[Token]) -> bytes:
    """Words with one space where the source had white space between them."""
    out: list[bytes] = []
    for index, word in enumerate(words):
        if index and word.spaced:
            out.append(b" ")
        out.append(word.text)
    return b"".join(out)


def address_spec(words: list[Token]) -> tuple[bytes | None, bytes, bytes]:
    """(source route, local part, domain) of `[@a,@b:]local@domain`; the domain is b"" where it is missing."""
    route = None
    if words and words[0].kind == "@":
        for index, word in enumerate(words):
            if word.kind == ":":
                route = b"".join(item.text for item in words[:index])
                words = words[index + 1 :]
                break
    at = max((index for index, word in enumerate(words) if word.kind == "@"), default=-1)
    if at < 0:
        return route, phrase(words), b""
    return route, b"".join(w.text for w in words[:at]), b"".join(w.text for w in words[at + 1 :])
