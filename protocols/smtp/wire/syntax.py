"""What a command that cannot be read is answered with, and the small rules that several commands share."""

from __future__ import annotations

import re


class SmtpSyntaxError(Exception):
    """The client's syntax: a reply code (RFC 5321 section 4.2.2), an enhanced code (RFC 3463) and fixed words."""

    def __init__(self, code: int, enhanced: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.enhanced = enhanced
        self.text = text


def bad_arguments(text: str) -> SmtpSyntaxError:
    """501 5.5.4: the verb is known, what follows it is not right."""
    return SmtpSyntaxError(501, "5.5.4", text)


_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_XTEXT = re.compile(r"(?:[!-*,-<>-~]|\+[0-9A-F]{2})*")


def decode_xtext(text: str) -> str:
    """xtext of RFC 3461 section 4; bad_arguments when malformed."""
    if not _XTEXT.fullmatch(text):
        raise bad_arguments("Malformed xtext")
    octets = re.sub(r"\+([0-9A-F]{2})", lambda m: chr(int(m[1], 16)), text)
    if any(octet < " " or octet == "\x7f" for octet in octets):
        raise bad_arguments("Malformed xtext")
    return octets


def text_of(data: bytes) -> str:
    """A command line as text: ASCII, or UTF-8 where SMTPUTF8 allows it; no control characters (RFC 5321 4.1.2)."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise SmtpSyntaxError(500, "5.5.2", "Command is not valid UTF-8") from None
    if _CONTROL.search(text):
        raise SmtpSyntaxError(500, "5.5.2", "Control character in command")
    return text
