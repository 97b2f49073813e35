"""SASLprep (RFC 4013), a profile of stringprep (RFC 3454), on the standard library's tables."""

import stringprep
import unicodedata

_PROHIBITED = (  # RFC 4013 section 2.3
    stringprep.in_table_c12,
    stringprep.in_table_c21_c22,
    stringprep.in_table_c3,
    stringprep.in_table_c4,
    stringprep.in_table_c5,
    stringprep.in_table_c6,
    stringprep.in_table_c7,
    stringprep.in_table_c8,
    stringprep.in_table_c9,
)


class ProhibitedCharacter(ValueError):
    """The text has a character that SASLprep does not let through, or mixes directions."""


def saslprep(text: str, *, allow_unassigned: bool = True) -> str:
    """Prepare a user name or password.

    allow_unassigned: True for queries, False for what is stored (RFC 3454 section 7). Unicode 3.2
    is the age of the tables, so refusing would refuse most emoji: the default allows them everywhere.
    Raises ProhibitedCharacter.
    """
    if text.isascii() and text.isprintable():
        return text
    mapped = "".join(
        " " if stringprep.in_table_c12(char) else char for char in text if not stringprep.in_table_b1(char)
    )
    prepared = unicodedata.normalize("NFKC", mapped)
    for char in prepared:
        if any(prohibited(char) for prohibited in _PROHIBITED):
            raise ProhibitedCharacter("a character that is not allowed")
        if not allow_unassigned and stringprep.in_table_a1(char):
            raise ProhibitedCharacter("a character unknown to Unicode 3.2")
    _check_directions(prepared)
    return prepared


def _check_directions(text: str) -> None:
    """RFC 3454 section 6: right-to-left text starts and ends so, and holds nothing left-to-right."""
    if not any(stringprep.in_table_d1(char) for char in text):
        return
    mixed = any(stringprep.in_table_d2(char) for char in text)
    if mixed or not (stringprep.in_table_d1(text[0]) and stringprep.in_table_d1(text[-1])):
        raise ProhibitedCharacter("left-to-right and right-to-left text are mixed")
