"""Reverse-path, Forward-path and Mailbox (RFC 5321 section 4.1.2, with the UTF-8 of RFC 6531 section 3.3)."""

from __future__ import annotations

import re

from protocols.smtp.wire import limits
from protocols.smtp.wire.syntax import SmtpSyntaxError

_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-\u0080-\U0010ffff]"
_DOT_STRING = re.compile(rf"{_ATEXT}+(?:\.{_ATEXT}+)*")
_QUOTED = re.compile(r'"(?:[ !#-\[\]-~\u0080-\U0010ffff]|\\[ -~])*"')
_LABEL = r"[A-Za-z0-9\u0080-\U0010ffff](?:[A-Za-z0-9\-\u0080-\U0010ffff]*[A-Za-z0-9\u0080-\U0010ffff])?"
# A name with an underscore breaks RFC 5321, but senders have such names.
_DOMAIN = re.compile(rf"(?:_?{_LABEL})(?:\.(?:_?{_LABEL}))*\.?")
_LITERAL = re.compile(r"\[(?:\d{1,3}(?:\.\d{1,3}){3}|IPv6:[0-9A-Fa-f:.]+|[A-Za-z0-9\-]*[A-Za-z0-9]:[!-Z^-~]+)\]")
# A-d-l: obsolete, accepted and ignored (RFC 5321 section 4.1.1.3 and appendix C).
_SOURCE_ROUTE = re.compile(r"@[^\s:<>@,]+(?:,@[^\s:<>@,]+)*:")


def split_path(text: str) -> tuple[str, str]:
    """`<path> rest` -> the path without its brackets, and the rest. A ">" inside quotes does not end the path."""
    text = text.lstrip(" ")  # "MAIL FROM: <...>" is wrong and common
    if not text.startswith("<"):
        raise _malformed("Path must stand in <angle brackets>")
    quoted = escaped = False
    for position, character in enumerate(text):
        if escaped:
            escaped = False
        elif quoted and character == "\\":
            escaped = True
        elif character == '"':
            quoted = not quoted
        elif character == ">" and not quoted:
            return text[1:position], text[position + 1 :]
    raise _malformed("Path has no closing bracket")


def reverse_path(text: str) -> str:
    """MAIL's path: an address, or "" for the null sender."""
    return "" if text == "" else mailbox(text)


def forward_path(text: str) -> str:
    """RCPT's path: an address, or "postmaster" without a domain (RFC 5321 section 4.1.1.3)."""
    return "postmaster" if text.casefold() == "postmaster" else mailbox(text)


def mailbox(text: str) -> str:
    """local-part@domain; a source route before it is dropped. Quotes that are not needed are removed."""
    if len(text.encode()) > limits.PATH:
        raise SmtpSyntaxError(501, "5.1.3", "Path too long")
    route = _SOURCE_ROUTE.match(text)
    if route:
        text = text[route.end() :]
    local, domain = _split(text)
    if len(local.encode()) > limits.LOCAL_PART:
        raise SmtpSyntaxError(501, "5.1.3", "Local part too long")
    if len(domain.encode()) > limits.DOMAIN:
        raise SmtpSyntaxError(501, "5.1.3", "Domain too long")
    if not (_DOMAIN.fullmatch(domain) or _LITERAL.fullmatch(domain)):
        raise _malformed("Malformed domain in address")
    return f"{_plain_local(local)}@{domain}"


def _split(text: str) -> tuple[str, str]:
    quoted = _QUOTED.match(text)
    if quoted:
        local, rest = quoted[0], text[quoted.end() :]
        if not rest.startswith("@"):
            raise _malformed("Malformed address")
        return local, rest[1:]
    local, at, domain = text.partition("@")
    if not at or not _DOT_STRING.fullmatch(local):
        raise _malformed("Malformed address")
    return local, domain


def _plain_local(local: str) -> str:
    if not local.startswith('"'):
        return local
    content = re.sub(r"\\(.)", r"\1", local[1:-1])
    return content if _DOT_STRING.fullmatch(content) else local


def is_helo_name(text: str) -> bool:
    """True for what may follow EHLO: a domain, an address literal, in practice any word (clients send any)."""
    return bool(text) and len(text.encode()) <= limits.DOMAIN and not re.search(r"[\s<>()\"\\;]", text)


def _malformed(text: str) -> SmtpSyntaxError:
    return SmtpSyntaxError(501, "5.1.3", text)
