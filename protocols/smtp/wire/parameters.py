"""ESMTP parameters of MAIL and RCPT (RFC 5321 section 4.1.1.11)."""

from __future__ import annotations

import re

from protocols.smtp.wire import limits
from protocols.smtp.wire.syntax import SmtpSyntaxError, bad_arguments, decode_xtext

_PARAMETER = re.compile(r"([A-Za-z0-9][A-Za-z0-9\-]*)(?:=([!-<>-~\u0080-\U0010ffff]+))?")
_SIZE_DIGITS = 20  # RFC 1870 section 3
_NOTIFY = frozenset({"SUCCESS", "FAILURE", "DELAY"})


def split_parameters(text: str) -> dict[str, str | None]:
    """`SP keyword[=value] ...` -> {"KEYWORD": value or None}; a keyword may come once."""
    parameters: dict[str, str | None] = {}
    if text and not text.startswith(" "):
        raise bad_arguments("A blank must follow the path")
    for word in text.split():
        match = _PARAMETER.fullmatch(word)
        if match is None:
            raise bad_arguments("Malformed parameter")
        keyword = match[1].upper()
        if keyword in parameters:
            raise bad_arguments("Parameter given twice")
        parameters[keyword] = match[2]
    return parameters


def size(value: str | None) -> int:
    """SIZE of RFC 1870: octets; 0: unknown."""
    if value is None or not value.isascii() or not value.isdigit() or len(value) > _SIZE_DIGITS:
        raise bad_arguments("Malformed SIZE")
    return int(value)


def body(value: str | None) -> str:
    """BODY of RFC 6152; BINARYMIME is not offered (RFC 3030 section 3)."""
    name = (value or "").upper()
    if name not in ("7BIT", "8BITMIME"):
        raise bad_arguments("BODY is 7BIT or 8BITMIME")
    return name


def smtputf8(value: str | None) -> bool:
    """SMTPUTF8 of RFC 6531 section 3.4 has no value."""
    if value is not None:
        raise bad_arguments("SMTPUTF8 takes no value")
    return True


def ret(value: str | None) -> str:
    """RET of RFC 3461 section 4.3."""
    name = (value or "").upper()
    if name not in ("FULL", "HDRS"):
        raise bad_arguments("RET is FULL or HDRS")
    return name


def envid(value: str | None) -> str:
    """ENVID of RFC 3461 section 4.4, decoded."""
    decoded = decode_xtext(value or "")
    if not decoded or len(decoded) > limits.ENVID:
        raise bad_arguments("Malformed ENVID")
    return decoded


def notify(value: str | None) -> tuple[str, ...]:
    """NOTIFY of RFC 3461 section 4.1: NEVER alone, or some of SUCCESS, FAILURE, DELAY."""
    names = tuple((value or "").upper().split(","))
    if names == ("NEVER",):
        return names
    if not set(names) <= _NOTIFY:
        raise bad_arguments("NOTIFY is NEVER, or a list of SUCCESS, FAILURE and DELAY")
    return names


def orcpt(value: str | None) -> str:
    """ORCPT of RFC 3461 section 4.2: "rfc822;address", the address decoded."""
    kind, separator, address = (value or "").partition(";")
    if not separator or not kind or not address or len(address) > limits.ORCPT:
        raise bad_arguments("Malformed ORCPT")
    if kind.casefold() == "utf-8":  # RFC 6533 section 3: may be raw UTF-8, kept as it came
        return f"{kind};{address}"
    return f"{kind};{decode_xtext(address)}"


def auth(value: str | None) -> str:
    """AUTH of RFC 4954 section 5: who submitted it first; <> for nobody."""
    return decode_xtext(value or "")


def unknown(keyword: str) -> SmtpSyntaxError:
    """RFC 5321 section 4.1.1.11."""
    return SmtpSyntaxError(555, "5.5.4", f"Parameter {keyword[:40]} is not supported")
