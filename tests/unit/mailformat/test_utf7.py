"""Modified UTF-7 (RFC 3501 section 5.1.3)."""

import pytest

from mailformat import utf7

PAIRS = [
    ("INBOX", b"INBOX"),
    ("", b""),
    ("R&D", b"R&-D"),
    ("Projet Réseaux", b"Projet R&AOk-seaux"),
    ("~peter/mail/台北/日本語", b"~peter/mail/&U,BTFw-/&ZeVnLIqe-"),  # the RFC's own example
    ("😀", b"&2D3eAA-"),
    ("é&é", b"&AOk-&-&AOk-"),
    ("tab\there", b"tab&AAk-here"),
]


@pytest.mark.parametrize(("name", "wire"), PAIRS)
def test_both_ways(name, wire):
    assert utf7.encode(name) == wire
    assert utf7.decode(wire) == name


@pytest.mark.parametrize(
    "broken",
    [
        b"&AOk",  # not closed
        b"&",
        b"a&b",
        b"&&-",
        "é".encode(),  # 8 bit
        b"\x00",
        b"a\tb",
        b"&AGE-",  # "a" must stand for itself
        b"&ACY-",  # "&" must be "&-"
        b"&AOk-&AOk-",  # two shifts where one would do
        b"&AOl-",  # left-over bits
        b"&AOk=-",  # padding
        b"&A-",
        b"&AA-",
        b"&2D0-",  # half a surrogate pair
        b"&AO/-",  # "/" is "," here
        b"&AO k-",
    ],
)
def test_malformed_is_refused(broken):
    with pytest.raises(utf7.BadUtf7):
        utf7.decode(broken)


def test_a_lone_surrogate_cannot_be_encoded():
    with pytest.raises(utf7.BadUtf7):
        utf7.encode("\ud800")
