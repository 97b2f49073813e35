"""i;unicode-casemap (RFC 5051): texts that differ by case or by how a letter is composed become equal."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_FOREIGN = re.compile(r"[^\x00-\x7f]+")


class _Canonical(dict[int, str]):
    """Code point -> its titlecase, decomposed, and so on until nothing changes (RFC 5051 section 2)."""

    def __missing__(self, code: int) -> str:
        mapped = "".join(_steps(chr(code), 0))
        self[code] = mapped
        return mapped


# The longest chain of decompositions in Unicode is far shorter; a bound all the same.
_MAX_STEPS = 10


def _steps(char: str, depth: int) -> list[str]:
    title = char.title()
    if len(title) == 1:  # longer ones are SpecialCasing.txt's, which the collation does not use
        char = title
    decomposed = unicodedata.decomposition(char)
    if not decomposed or depth == _MAX_STEPS:
        return [char]
    codes = decomposed.split()
    if codes[0].startswith("<"):
        del codes[0]
    return [piece for code in codes for piece in _steps(chr(int(code, 16)), depth + 1)]


_CANONICAL = _Canonical()


def fold(text: str) -> str:
    """The text as it is compared: equality, order and substring of what this gives are those of the collation."""
    if text.isascii():
        return text.upper()
    # Only letters of ASCII are left to be put in capitals when the others have been replaced: octets do that fastest.
    replaced = _FOREIGN.sub(_replace, text)
    return replaced.encode("utf-8", "replace").upper().decode("utf-8")


def _replace(found: re.Match[str]) -> str:
    return found[0].translate(_CANONICAL)


@lru_cache(maxsize=64)
def fold_needle(text: str) -> str:
    """fold() of what is searched for, remembered over a search."""
    return fold(text)
