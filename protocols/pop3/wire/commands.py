"""POP3 commands as frozen dataclasses, and their parser (RFC 1939, RFC 2449, RFC 5034, RFC 6856)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from protocols.pop3.wire import limits

_LANGUAGE_RANGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*")


class Pop3SyntaxError(Exception):
    """The client's syntax, in fixed words."""


@dataclass(frozen=True, slots=True)
class User:
    name: str


@dataclass(frozen=True, slots=True)
class Pass:
    password: str


@dataclass(frozen=True, slots=True)
class Apop:
    name: str
    digest: str  # what should be 32 hexadecimal digits


@dataclass(frozen=True, slots=True)
class Auth:
    mechanism: str  # "": list them (RFC 1734)
    initial: bytes | None  # in base64, "=" is an empty one (RFC 5034 section 4)


@dataclass(frozen=True, slots=True)
class Capa:
    pass


@dataclass(frozen=True, slots=True)
class Stls:
    pass


@dataclass(frozen=True, slots=True)
class Utf8:
    pass


@dataclass(frozen=True, slots=True)
class Lang:
    language_range: str  # "": list them; "*": the preferred one


@dataclass(frozen=True, slots=True)
class Quit:
    pass


@dataclass(frozen=True, slots=True)
class Noop:
    pass


@dataclass(frozen=True, slots=True)
class Stat:
    pass


@dataclass(frozen=True, slots=True)
class List:
    number: int | None


@dataclass(frozen=True, slots=True)
class Uidl:
    number: int | None


@dataclass(frozen=True, slots=True)
class Retr:
    number: int


@dataclass(frozen=True, slots=True)
class Top:
    number: int
    lines: int


@dataclass(frozen=True, slots=True)
class Dele:
    number: int


@dataclass(frozen=True, slots=True)
class Rset:
    pass


Command = (
    User | Pass | Apop | Auth | Capa | Stls | Utf8 | Lang | Quit | Noop | Stat | List | Uidl | Retr | Top | Dele | Rset
)


def parse(line: bytes) -> Command:
    """One line without its CRLF -> a command. Pop3SyntaxError."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        raise Pop3SyntaxError("Command is not valid UTF-8") from None
    if any(character < " " or character == "\x7f" for character in text):
        raise Pop3SyntaxError("Control character in command")
    verb, _, rest = text.partition(" ")
    name = verb.upper()
    if len(line) + 2 > (limits.AUTH_LINE if name == "AUTH" else limits.COMMAND_LINE):
        raise Pop3SyntaxError("Line too long")
    parser = _PARSERS.get(name)
    if parser is None:
        raise Pop3SyntaxError("Unknown command")
    return parser(rest)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > limits.DIGITS:
        raise Pop3SyntaxError("A number is missing or malformed")
    return int(text)


def _user(rest: str) -> User:
    if not rest.strip():
        raise Pop3SyntaxError("USER takes a name")
    return User(rest.strip())


def _pass(rest: str) -> Pass:
    """Blanks belong to the password (RFC 1939 section 7)."""
    return Pass(rest)


def _apop(rest: str) -> Apop:
    """The name may have blanks (RFC 1939 section 7 says string), the digest has none."""
    name, _, digest = rest.strip().rpartition(" ")
    if not name.strip():
        raise Pop3SyntaxError("APOP takes a name and a digest")
    return Apop(name.strip(), digest)


def _auth(rest: str) -> Auth:
    words = rest.split()
    if len(words) > 2:
        raise Pop3SyntaxError("AUTH takes a mechanism and an optional initial response")
    initial = words[1].encode() if len(words) == 2 else None
    return Auth(words[0].upper() if words else "", initial)


def _lang(rest: str) -> Lang:
    """A basic language range or "*" (RFC 4647 section 2.1)."""
    words = rest.split()
    if len(words) > 1 or (words and not _LANGUAGE_RANGE.fullmatch(words[0])):
        raise Pop3SyntaxError("LANG takes one language")
    return Lang(words[0] if words else "")


def _top(rest: str) -> Top:
    words = rest.split()
    if len(words) != 2:
        raise Pop3SyntaxError("TOP takes a message number and a number of lines")
    return Top(_number(words[0]), _number(words[1]))


def _optional(command: type[List | Uidl]) -> Callable[[str], Command]:
    return lambda rest: command(_number(rest.strip()) if rest.strip() else None)


def _required(command: type[Retr | Dele]) -> Callable[[str], Command]:
    return lambda rest: command(_number(rest.strip()))


def _alone(command: type[Capa | Stls | Utf8 | Quit | Noop | Stat | Rset]) -> Callable[[str], Command]:
    def read(rest: str) -> Command:
        if rest.strip():
            raise Pop3SyntaxError("This command takes no argument")
        return command()

    return read


_PARSERS: dict[str, Callable[[str], Command]] = {
    "USER": _user,
    "PASS": _pass,
    "APOP": _apop,
    "AUTH": _auth,
    "CAPA": _alone(Capa),
    "STLS": _alone(Stls),
    "UTF8": _alone(Utf8),
    "LANG": _lang,
    "QUIT": _alone(Quit),
    "NOOP": _alone(Noop),
    "STAT": _alone(Stat),
    "LIST": _optional(List),
    "UIDL": _optional(Uidl),
    "RETR": _required(Retr),
    "TOP": _top,
    "DELE": _required(Dele),
    "RSET": _alone(Rset),
}
