"""Bytes to text by a declared charset, or by a guess where the declaration is missing or wrong."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

from mailformat.limits import MAX_GUESS

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+-]{0,39}")

# Names that mail programs write, and supersets that decode what senders mean by a name
# (the WHATWG Encoding standard, section 4.2, does the same for browsers).
_ALIASES = {
    "iso-8859-1": "windows-1252",
    "latin1": "windows-1252",
    "iso8859-1": "windows-1252",
    "iso-8859-9": "windows-1254",
    "iso-8859-11": "cp874",
    "windows-874": "cp874",
    "tis-620": "cp874",
    "iso-8859-8-i": "iso-8859-8",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "sjis": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
}
# "No charset": the bytes decide. RFC 1428 section 3 names unknown-8bit.
_UNDECLARED = frozenset({"", "us-ascii", "ascii", "unknown-8bit", "x-unknown", "unknown", "default", "none", "8bit"})
# Python codecs that are no charsets of text; punycode and idna take quadratic time.
_NO_CHARSETS = frozenset({"punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"})
# Short names and subjects: a lone 8-bit letter beside an ASCII one is a Western accent; detectors
# need more text than that, and turn "Noël" into Cyrillic.
_SHORT = 64
_LATIN = re.compile(rb"[A-Za-z][\xc0-\xff]|[\xc0-\xff][A-Za-z]")
_HIGH_RUN = re.compile(rb"[\x80-\xff]{3}")
# US-ASCII octets may mean something else here.
_SHIFTING = ("utf-7", "utf-16", "utf-32", "iso2022", "hz")
_NO_SEARCH = ("utf-7", "utf-16", "utf-32")


@lru_cache(maxsize=256)
def _codec(charset: str) -> str | None:
    """Python's codec name for a charset label, None where it is undeclared or unknown."""
    name = charset.strip(" \t\"'").lower()
    if name in _UNDECLARED or not _NAME.fullmatch(name):
        return None
    name = _ALIASES.get(name, name)
    try:
        info = codecs.lookup(name)
        if info.name.replace("_", "-") in _NO_CHARSETS:
            return None
        "a".encode(info.name)  # base64, zip and the like are no text encodings (no octets at all would not tell)
    except (LookupError, ValueError):
        return None
    return info.name


def to_text(data: bytes, charset: str = "") -> str:
    """`data` as text. Never raises; undecodable octets become U+FFFD."""
    codec = _codec(charset[:60])
    if data.isascii() and (codec is None or not codec.startswith(_SHIFTING)):
        return data.decode("ascii")
    if codec is None:
        return guess(data)
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        return guess(data) if codec == "utf-8" else _without_surrogates(data.decode(codec, "replace"))
    return _without_surrogates(text) if codec == "utf-7" else text


def is_searchable(charset: str) -> bool:
    """Whether search strings may come in this charset: those of text that Python decodes and that have no octets of
    zero in them, which IMAP's strings cannot carry (RFC 3501 section 9, CHAR8)."""
    return charset.upper() in _ASCII_NAMES or _search_codec(charset) is not None


def decode_search_string(data: bytes, charset: str) -> str | None:
    """`data` as text; None where it is not in that charset. US-ASCII and "" take UTF-8 too."""
    codec = _search_codec(charset) or "utf-8"
    try:
        return _without_surrogates(data.decode(codec))
    except UnicodeDecodeError:
        return None


_ASCII_NAMES = frozenset({"US-ASCII", "ASCII", "ANSI_X3.4-1968"})


def _search_codec(charset: str) -> str | None:
    codec = _codec(charset[:60])
    return None if codec is None or codec.startswith(_NO_SEARCH) else codec


def guess(data: bytes) -> str:
    """Text of undeclared octets: UTF-8 where it is valid, otherwise what a detector says."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        cut = error.reason == "unexpected end of data" and not data[: error.start].isascii()
        if cut:  # UTF-8 so far, and the last character is incomplete
            return data.decode("utf-8", "replace")
    if len(data) < _SHORT and _LATIN.search(data) and not _HIGH_RUN.search(data):
        return data.decode("cp1252", "replace")
    import chardet  # slow to import and rarely needed

    said = chardet.detect(data[:MAX_GUESS], encoding_era=chardet.EncodingEra.MODERN_WEB)["encoding"]
    found = _codec(str(said or ""))
    if found is None or found.startswith(_SHIFTING):
        found = "cp1252"
    return _without_surrogates(data.decode(found, "replace"))


def _without_surrogates(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
