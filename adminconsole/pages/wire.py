"""What an eavesdropper could have read: the bar and its numbers on the overview."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from adminconsole.pages.security import VERDICTS
from protocols.runtime.records import count_grades

WIDTH, GAP, LEAST = 1000, 4, 20  # units of the SVG; two passwords in clear among thousands must still be seen
HINTS: dict[int, str | Promise] = {
    1: _("TLS from the first byte or before the sign-in"),
    2: _("No TLS, and no password to be guessed"),
    3: _("A challenge-response without TLS"),
    4: _("The password itself, without TLS"),
}


@dataclass(frozen=True, slots=True)
class GradeLine:
    """One grade: how many connections, and its part of the bar."""

    grade: int
    verdict: str | Promise
    count: int
    hint: str | Promise
    x: int
    width: int


def grade_lines(since: int) -> list[GradeLine]:
    """The four grades of the connections that ended since then (one query)."""
    counts = {int(grade): count for grade, count in count_grades(since).items()}
    widths = _widths(counts)
    lines, x = [], 0
    for grade, verdict in VERDICTS.items():
        lines.append(GradeLine(grade, verdict, counts[grade], HINTS[grade], x, widths[grade]))
        x += widths[grade] + GAP if widths[grade] else 0
    return lines


def _widths(counts: dict[int, int]) -> dict[int, int]:
    """Parts of WIDTH by share, none of a grade that is there below LEAST."""
    there = [grade for grade, count in counts.items() if count]
    spare = WIDTH - GAP * max(0, len(there) - 1) - LEAST * len(there)
    total = sum(counts.values()) or 1
    return {grade: LEAST + spare * count // total if count else 0 for grade, count in counts.items()}
