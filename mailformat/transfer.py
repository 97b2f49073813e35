"""Content-Transfer-Encoding undone (RFC 2045 section 6), whatever state it is in."""

from __future__ import annotations

import re
from binascii import Error, a2b_base64, a2b_qp, a2b_uu

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_FOREIGN = bytes(set(range(256)) - set(_ALPHABET) - {0x3D})
_LINES = _ALPHABET + b"\r\n\t "
_PADDING = re.compile(rb"=+")
_UU_NAMES = frozenset({"uuencode", "x-uuencode", "uue", "x-uue"})
_KNOWN = _UU_NAMES | {"7bit", "8bit", "binary", "base64", "quoted-printable"}


def decode_base64(data: bytes) -> bytes:
    """Base64 with line ends and junk skipped, missing padding added, concatenated pieces all decoded."""
    pad = data.find(b"=")
    if pad < 0 or (len(data) - pad < 100 and not data[pad:].strip(b"=\r\n\t ")):
        try:
            return a2b_base64(data)
        except Error:
            pass
    first, *more = _PADDING.split(data)
    out = [_base64_piece(first.translate(None, _FOREIGN))]
    for piece in more:
        beside = piece[:1] in (b" ", b"\t") and piece.strip()
        if beside or piece.translate(None, _LINES):  # behind the end: a remark, a mailing list's footer
            break
        out.append(_base64_piece(piece.translate(None, _FOREIGN)))
    return b"".join(out)


def _base64_piece(piece: bytes) -> bytes:
    if len(piece) % 4 == 1:  # six bits that make no octet
        piece = piece[:-1]
    return a2b_base64(piece + b"=" * (-len(piece) % 4))


def decode_quoted_printable(data: bytes) -> bytes:
    """Quoted-printable; an "=" that starts no escape is kept."""
    return a2b_qp(data)


def decode_uuencode(data: bytes) -> bytes:
    """The first uuencoded file in `data`; lines that do not decode are skipped."""
    out = []
    started = False
    for line in data.splitlines():
        if not started:
            started = line.startswith(b"begin ")
        elif line.strip() == b"end":
            break
        else:
            out.append(_uu_line(line))
    return b"".join(out) if started else data


def _uu_line(line: bytes) -> bytes:
    try:
        return a2b_uu(line)
    except Error:
        pass
    try:  # some encoders leave junk behind the octets that the first character counts
        return a2b_uu(line[: (((line[0] - 32) & 63) * 4 + 5) // 3]) if line else b""
    except Error:
        return b""


def is_known(encoding: str) -> bool:
    """Whether undo() knows what it does."""
    return encoding in _KNOWN


def undo(data: bytes, encoding: str) -> bytes:
    """`data` without its transfer encoding; an unknown one is the identity."""
    if encoding == "base64":
        return decode_base64(data)
    if encoding == "quoted-printable":
        return decode_quoted_printable(data)
    if encoding in _UU_NAMES:
        return decode_uuencode(data)
    return data
