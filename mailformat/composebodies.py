"""Bodies for messages written here: the transfer encoding that keeps them 7-bit and short-lined."""

from __future__ import annotations

import re
from binascii import b2a_base64, b2a_qp

from mailformat.composeheaders import LINE, MAX_LINE

_LINE_END = re.compile(r"\r\n|\r|\n")
_BASE64_LINE_OCTETS = 57  # 76 characters (RFC 2045 section 6.8)
# RFC 2045 section 2.8: 8bit data has neither NUL, nor CR or LF on its own.
_NOT_LINES = re.compile(rb"\x00|\r(?!\n)|(?<!\r)\n")


def encode_text(text: str) -> tuple[str, str, bytes]:
    """(charset, transfer encoding, body) of a text; its lines end in CRLF."""
    lines = _LINE_END.split(text.replace("\x00", ""))
    if lines[-1]:
        lines.append("")
    raw = "\r\n".join(lines).encode("utf-8", "replace")
    charset = "us-ascii" if raw.isascii() else "utf-8"
    if charset == "us-ascii" and max(map(len, lines)) <= LINE:
        return charset, "7bit", raw
    quoted = b"\r\n".join([_quoted_printable(line) for line in raw.split(b"\r\n")])
    if len(quoted) * 3 > len(raw) * 4:
        return charset, "base64", encode_base64(raw)
    return charset, "quoted-printable", quoted


def encode_attachment(content_type: str, data: bytes) -> tuple[str, str, bytes]:
    """(content type, transfer encoding, body) of a file: base64, but RFC 2046 section 5.2.1 forbids
    that for a message; one that cannot travel as lines becomes a plain file."""
    if content_type != "message/rfc822":
        return content_type, "base64", encode_base64(data)
    if _NOT_LINES.search(data) or max(map(len, data.split(b"\r\n"))) > MAX_LINE:
        return "application/octet-stream", "base64", encode_base64(data)
    return content_type, "7bit" if data.isascii() else "8bit", data


def encode_base64(data: bytes) -> bytes:
    """Base64 in lines of 76 characters that end in CRLF, but for the last."""
    step = _BASE64_LINE_OCTETS
    return b"\r\n".join([b2a_base64(data[at : at + step], newline=False) for at in range(0, len(data), step)])


def _quoted_printable(line: bytes) -> bytes:
    return b2a_qp(line, istext=False).replace(b"=\n", b"=\r\n").replace(b"=\r\r\n", b"=\r\n")
