"""LIST patterns (RFC 3501 section 6.3.8): "*" is anything, "%" is anything but the delimiter."""

import re

DELIMITER = "/"
# A regular expression tries each place of each wildcard: with two of them that is the square of a name's length.
# Beyond, all places are followed at once.
MAX_TRIED = 2

_RUN = re.compile(r"[*%]{2,}")


class Pattern:
    """Whether a name fits; the time is bounded by the pattern's length times the name's, whatever the pattern."""

    __slots__ = ("_expression", "_text")

    def __init__(self, text: str) -> None:
        self._text = _RUN.sub(lambda run: "*" if "*" in run[0] else "%", text)
        self._expression = None
        if sum(map(self._text.count, "*%")) <= MAX_TRIED:
            pieces = re.split("([*%])", self._text)
            wild = {"*": ".*", "%": "[^/]*"}
            self._expression = re.compile("".join(wild.get(piece) or re.escape(piece) for piece in pieces), re.DOTALL)

    def matches(self, name: str) -> bool:
        """The whole name fits."""
        if self._expression is not None:
            return self._expression.fullmatch(name) is not None
        places = self._past_wildcards({0})
        for char in name:
            places = self._past_wildcards({after for place in places for after in self._step(place, char)})
        return len(self._text) in places

    def _step(self, place: int, char: str) -> tuple[int, ...]:
        wanted = self._text[place : place + 1]
        if wanted == "*" or (wanted == "%" and char != DELIMITER):
            return (place,)
        return (place + 1,) if wanted == char else ()

    def _past_wildcards(self, places: set[int]) -> set[int]:
        """A wildcard may stand for nothing."""
        return places | {place + 1 for place in places if self._text[place : place + 1] in ("*", "%")}
