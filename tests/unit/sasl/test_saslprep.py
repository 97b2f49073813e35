"""SASLprep (RFC 4013)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.sasl.saslprep import ProhibitedCharacter, saslprep


@pytest.mark.parametrize(
    ("text", "prepared"),
    [  # RFC 4013 section 3
        ("I\u00adX", "IX"),
        ("user", "user"),
        ("USER", "USER"),
        ("\u00aa", "a"),
        ("\u2168", "IX"),
        ("a\u00a0b", "a b"),
        ("e\u0301", "é"),
        ("\u0627\u0628", "\u0627\u0628"),
        ("🔑", "🔑"),
    ],
)
def test_prepares(text, prepared):
    assert saslprep(text) == prepared


@pytest.mark.parametrize(
    "text", ["\u0007", "\u06271", "a\nb", "\ud800", "\ue000", "\u0627a\u0627", "\ufffd", "\u2ff0", "\u200e"]
)
def test_refuses(text):
    with pytest.raises(ProhibitedCharacter):
        saslprep(text)


def test_stored_strings_have_no_unassigned_characters():
    with pytest.raises(ProhibitedCharacter):
        saslprep("🔑", allow_unassigned=False)


@given(st.text(max_size=30))
def test_twice_is_once(text):
    try:
        prepared = saslprep(text)
    except ProhibitedCharacter:
        return
    try:
        assert saslprep(prepared) == prepared
    except ProhibitedCharacter:
        # NFKC of a mapped text may differ in direction only at its ends.
        pytest.fail("prepared text must stay acceptable")
