"""SMTP commands as frozen dataclasses, and their parser (RFC 5321 section 4.1.1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NoReturn

from protocols.smtp.wire import limits, parameters, paths
from protocols.smtp.wire.syntax import SmtpSyntaxError, bad_arguments, text_of


@dataclass(frozen=True, slots=True)
class Ehlo:
    domain: str
    extended: bool  # False: HELO


@dataclass(frozen=True, slots=True)
class Mail:
    reverse_path: str  # "" is the null sender
    size: int = 0
    body: str = ""
    smtputf8: bool = False
    ret: str = ""
    envid: str = ""


@dataclass(frozen=True, slots=True)
class Rcpt:
    forward_path: str
    notify: tuple[str, ...] = ()
    orcpt: str = ""


@dataclass(frozen=True, slots=True)
class Data:
    pass


@dataclass(frozen=True, slots=True)
class Bdat:
    size: int
    last: bool


@dataclass(frozen=True, slots=True)
class Rset:
    pass


@dataclass(frozen=True, slots=True)
class Noop:
    pass


@dataclass(frozen=True, slots=True)
class Quit:
    pass


@dataclass(frozen=True, slots=True)
class Help:
    topic: str


@dataclass(frozen=True, slots=True)
class Vrfy:
    text: str


@dataclass(frozen=True, slots=True)
class Expn:
    text: str


@dataclass(frozen=True, slots=True)
class StartTls:
    pass


@dataclass(frozen=True, slots=True)
class Auth:
    mechanism: str
    initial: str | None  # still in base64; "=" is an empty one (RFC 4954 section 4)


Command = Ehlo | Mail | Rcpt | Data | Bdat | Rset | Noop | Quit | Help | Vrfy | Expn | StartTls | Auth


# Clients say the same lines again and again. Longer ones would only fill the memory; AUTH lines hold passwords.
_WORTH_REMEMBERING = 128
_REMEMBERED = (b"MAIL", b"RCPT", b"DATA", b"EHLO", b"RSET", b"QUIT")


def parse(line: bytes) -> Command:
    """One line without its CRLF -> a command; SmtpSyntaxError says what to answer."""
    return _remembered(line) if len(line) < _WORTH_REMEMBERING and line[:4] in _REMEMBERED else _parse(line)


def _parse(line: bytes) -> Command:
    verb, _, rest = text_of(line).rstrip(" \t").partition(" ")
    name = verb.upper()
    if len(line) + 2 > _MAXIMUM.get(name, limits.COMMAND_LINE):
        raise SmtpSyntaxError(500, "5.5.2", "Line too long")
    parser = _PARSERS.get(name)
    if parser is None:
        raise SmtpSyntaxError(500, "5.5.1", "Command not recognized")
    return parser(rest.strip(" "))


_remembered = lru_cache(maxsize=2048)(_parse)


def _ehlo(rest: str) -> Ehlo:
    return Ehlo(_helo_name(rest), extended=True)


def _helo(rest: str) -> Ehlo:
    return Ehlo(_helo_name(rest), extended=False)


def _helo_name(rest: str) -> str:
    if not paths.is_helo_name(rest):
        raise bad_arguments("Say your domain name or address literal")
    return rest


def _mail(rest: str) -> Mail:
    path, found = _path_command(rest, "FROM:")
    values = {
        keyword: _MAIL_PARAMETERS[keyword](value) if keyword in _MAIL_PARAMETERS else _refuse(keyword)
        for keyword, value in found.items()
    }
    values.pop("AUTH", None)  # we trust nobody's word about it (RFC 4954 section 5), so it is read and dropped
    return Mail(paths.reverse_path(path), **{keyword.lower(): value for keyword, value in values.items()})


def _rcpt(rest: str) -> Rcpt:
    path, found = _path_command(rest, "TO:")
    values = {
        keyword: _RCPT_PARAMETERS[keyword](value) if keyword in _RCPT_PARAMETERS else _refuse(keyword)
        for keyword, value in found.items()
    }
    return Rcpt(paths.forward_path(path), **{keyword.lower(): value for keyword, value in values.items()})


def _path_command(rest: str, word: str) -> tuple[str, dict[str, str | None]]:
    if rest[: len(word)].upper() != word:
        raise SmtpSyntaxError(501, "5.5.2", f"{word} is missing")
    path, tail = paths.split_path(rest[len(word) :])
    return path, parameters.split_parameters(tail)


def _refuse(keyword: str) -> NoReturn:
    raise parameters.unknown(keyword)


def _bdat(rest: str) -> Bdat:
    """RFC 3030 section 2: BDAT SP chunk-size [SP LAST]."""
    words = rest.split()
    if not 1 <= len(words) <= 2 or not words[0].isascii() or not words[0].isdigit() or len(words[0]) > 20:
        raise bad_arguments("BDAT takes a size, and LAST")
    if len(words) == 2 and words[1].upper() != "LAST":
        raise bad_arguments("BDAT takes a size, and LAST")
    return Bdat(int(words[0]), last=len(words) == 2)


def _auth(rest: str) -> Auth:
    words = rest.split()
    if not 1 <= len(words) <= 2:
        raise bad_arguments("AUTH takes a mechanism and an optional initial response")
    return Auth(words[0].upper(), words[1] if len(words) == 2 else None)


def _vrfy(rest: str) -> Vrfy:
    if not rest:
        raise bad_arguments("VRFY takes a name or an address")
    return Vrfy(rest)


def _expn(rest: str) -> Expn:
    if not rest:
        raise bad_arguments("EXPN takes a name")
    return Expn(rest)


def _alone(command: type[Data | Rset | Quit | StartTls]) -> Callable[[str], Command]:
    def read(rest: str) -> Command:
        if rest:
            raise bad_arguments("This command takes no argument")
        return command()

    return read


_MAIL_PARAMETERS: dict[str, Callable[[str | None], Any]] = {
    "SIZE": parameters.size,
    "BODY": parameters.body,
    "SMTPUTF8": parameters.smtputf8,
    "RET": parameters.ret,
    "ENVID": parameters.envid,
    "AUTH": parameters.auth,
}
_RCPT_PARAMETERS: dict[str, Callable[[str | None], Any]] = {"NOTIFY": parameters.notify, "ORCPT": parameters.orcpt}
_MAXIMUM = {"MAIL": limits.MAIL_LINE, "RCPT": limits.RCPT_LINE, "AUTH": limits.AUTH_LINE}
_PARSERS: dict[str, Callable[[str], Command]] = {
    "EHLO": _ehlo,
    "HELO": _helo,
    "MAIL": _mail,
    "RCPT": _rcpt,
    "DATA": _alone(Data),
    "BDAT": _bdat,
    "RSET": _alone(Rset),
    "NOOP": lambda rest: Noop(),
    "QUIT": _alone(Quit),
    "HELP": Help,
    "VRFY": _vrfy,
    "EXPN": _expn,
    "STARTTLS": _alone(StartTls),
    "AUTH": _auth,
}
