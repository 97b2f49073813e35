"""FUZZY search keys (RFC 6203): what counts as alike (mailformat.likeness), and the relevancy score."""

from functools import lru_cache

from mailformat.collation import fold_needle
from mailformat.likeness import Likeness

# How alike a text must be: "Helo" finds "hello" and "help", "IMAP break" finds "broken IMAP".
ENOUGH = 0.3
LOWEST, HIGHEST = 1, 100  # of a score (RFC 6203 section 4)


@lru_cache(maxsize=64)
def likeness(needle: str) -> Likeness:
    """To a needle as the client wrote it."""
    return Likeness(fold_needle(needle))


def is_like(needle: str, text: str) -> bool:
    """Whether a folded text is like the needle."""
    return likeness(needle).to(text) >= ENOUGH


def score(likenesses: list[float]) -> int:
    """The relevancy of a message whose fuzzy keys are that alike; of one without texts to compare, the highest."""
    if not likenesses:
        return HIGHEST
    share = (sum(likenesses) / len(likenesses) - ENOUGH) / (1 - ENOUGH)
    return round(LOWEST + (HIGHEST - LOWEST) * min(1.0, max(0.0, share)))
