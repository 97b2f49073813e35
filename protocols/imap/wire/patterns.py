"""LIST patterns (RFC 3501 section 6.3.8): "*" is anything, "%" is anything but the delimiter."""

import re

DELIMITER = "/"
# A regular expression tries each place of each wildcard: with two of them that is the square of a name's length.
# Beyond, all places are followed at once.
MAX_TRIED = 2

_RUN = re.compile(r"[*%]{2,}")


class Pattern:
    """Whether a name fits, in a time that no pattern makes long: a few steps for each character of the name.

    Places are bits: bit n is set where the pattern's first n characters fit what has been read of the name.
    """

    __slots__ = ("_any", "_below", "_end", "_expression", "_literals", "_shortest")

    def __init__(self, text: str) -> None:
        text = _RUN.sub(lambda run: "*" if "*" in run[0] else "%", text)
        self._expression = None
        self._literals: dict[str, int] = {}  # character -> the places before it
        for place, char in enumerate(text):
            self._literals[char] = self._literals.get(char, 0) | 1 << place
        self._any = self._literals.pop("*", 0)
        self._below = self._literals.pop("%", 0)
        self._end = 1 << len(text)
        wildcards = sum(map(text.count, "*%"))
        self._shortest = len(text) - wildcards
        if wildcards <= MAX_TRIED:
            pieces = re.split("([*%])", text)
            wild = {"*": ".*", "%": "[^/]*"}
            self._expression = re.compile("".join(wild.get(piece) or re.escape(piece) for piece in pieces), re.DOTALL)

    def matches(self, name: str) -> bool:
        """The whole name fits."""
        if len(name) < self._shortest:
            return False
        if self._expression is not None:
            return self._expression.fullmatch(name) is not None
        places = self._past_wildcards(1)
        for char in name:
            staying = self._any if char == DELIMITER else self._any | self._below
            places = self._past_wildcards(places & staying | (places & self._literals.get(char, 0)) << 1)
        return bool(places & self._end)

    def _past_wildcards(self, places: int) -> int:
        """A wildcard may stand for nothing; two never follow each other."""
        return places | (places & (self._any | self._below)) << 1
