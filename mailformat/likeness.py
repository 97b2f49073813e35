"""How alike a text is to a needle, for FUZZY searches (RFC 6203): by the groups of three letters that words share.

A word that is spelt a little differently has most of its groups in the one that was meant, and where the words of a
needle stand in a text does not matter.
"""

from __future__ import annotations

from mailformat.searchtext import bit_of, triples_of

MAX_WORDS = 8  # of a needle; more make a search slow and nothing clearer
MAX_WORD = 64  # octets of such a word, for the same reason
MAX_PLACES = 8  # in a text where a group is looked at, and the word around it


class Likeness:
    """To one folded needle."""

    def __init__(self, needle: str) -> None:
        self._needle = needle
        words = dict.fromkeys(needle.encode("utf-8", "replace").split())
        self._words = [_Word(word[:MAX_WORD]) for word in list(words)[:MAX_WORDS]]

    def may_be_in(self, signed: bytes, enough: float) -> bool:
        """False: no text of that signature (mailformat.searchtext) is that alike."""
        return not (signed and self._words) or any(word.share_in(signed) >= enough for word in self._words)

    def to(self, text: str) -> float:
        """1.0 where the needle is in the folded text, else how much of its words is, from 0.0 to nearly 1.0."""
        if self._needle in text:
            return 1.0
        if not self._words:
            return 0.0
        octets = text.encode("utf-8", "replace")
        # A text that has every word but not the needle has them in another order: nearly the same.
        return 0.95 * sum(word.best_in(octets) for word in self._words) / len(self._words)


class _Word:
    def __init__(self, word: bytes) -> None:
        self.word = word
        self.triples = triples_of(word)
        self.octets = [bytes(triple) for triple in self.triples]

    def share_in(self, signed: bytes) -> float:
        if not self.triples:
            return 1.0
        bits = len(signed) * 8
        places = [bit_of(triple) & (bits - 1) for triple in self.triples]
        return sum(1 for bit in places if signed[bit >> 3] & 1 << (bit & 7)) / len(places)

    def best_in(self, octets: bytes) -> float:
        """1.0 where the word is there, else the share of its groups in the word of the text that has most of them."""
        if self.word in octets:
            return 1.0
        best = 0
        seen: set[bytes] = set()
        for triple in self.octets:
            at = -1
            for _ in range(MAX_PLACES):
                at = octets.find(triple, at + 1)
                if at < 0:
                    break
                around = _around(octets, at)
                if around not in seen:
                    seen.add(around)
                    best = max(best, sum(1 for each in self.octets if each in around))
        return best / (len(self.octets) + 1)


def _around(octets: bytes, at: int) -> bytes:
    """The word that an octet stands in; 64 octets on each side are looked at."""
    left, right = octets[max(0, at - 64) : at], octets[at : at + 64]
    return (left.split()[-1] if left and not left[-1:].isspace() else b"") + right.split(maxsplit=1)[0]
