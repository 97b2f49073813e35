"""Signatures never deny what is there; likeness finds words that are spelt a little differently."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailformat.collation import fold
from mailformat.likeness import Likeness
from mailformat.scanner import scan
from mailformat.searchtext import MAX_BITS, MIN_BITS, Probe, body_texts, header_lines, joined, signature

TEXTS = st.text(st.sampled_from("abcé \t\r\n\x1e日本\u00a0.<>"), max_size=60)


@given(TEXTS, TEXTS, TEXTS)
def test_a_needle_that_is_there_is_never_denied(before, needle, after):
    text = joined([fold(before + needle + after)])
    probe = Probe(fold(needle).replace("\x1e", " "))
    if "\x1e" not in needle:
        assert probe.may_be_in(signature(text))


def test_a_needle_that_is_not_there_is_mostly_denied():
    signed = signature("LE RENDEZ-VOUS EST A MIDI " * 20)
    words = ["QUINTESSENCE", "XYLOPHONE", "ZEBRE", "KIOSQUE", "WAGONS"]
    assert not any(Probe(word).may_be_in(signed) for word in words)


def test_short_needles_tell_nothing():
    assert not Probe("AB CD").tells
    assert Probe("AB CDE").tells
    assert Probe("AB").may_be_in(signature(""))


def test_the_size_of_a_signature_is_bounded():
    assert len(signature("")) * 8 == MIN_BITS
    assert len(signature("".join(chr(0x4E00 + n) for n in range(20_000)))) * 8 == MAX_BITS


def test_what_is_looked_into():
    data = (
        b"Subject: =?utf-8?q?=C3=A9t=C3=A9?=\r\nX-A: 1\r\n\t2\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/html\r\n\r\n<p>voir</p>\r\n--b\r\nContent-Type: image/png\r\n\r\nno\r\n--b--\r\n"
    )
    root = scan(data)
    assert header_lines(data[: root.body_start])[:2] == [fold("Subject: été"), "X-A: 1 2"]
    assert joined(body_texts(data, root)) == "<P>VOIR</P>"
    assert joined(["A\0B", "C\x1eD"]) == "A\x1eB\x1eC\x1eD"


@pytest.mark.parametrize(
    ("needle", "text", "like"),
    [
        ("Helo", "hello world", True), ("Helo", "help me", True), ("Helo", "yellow", False), ("Helo", "world", False),
        ("IMAP break", "broken IMAP", True), ("meeting", "meting", True), ("xy", "wxyz", True), ("xy", "x y", False),
        ("reunion", "réunion", True), ("facture", "manufacture", True), ("facture", "fracas", False), ("", "any", True),
    ],
)  # fmt: skip
def test_likeness(needle, text, like):
    share = Likeness(fold(needle)).to(fold(text))
    assert (share >= 0.3) is like
    assert 0.0 <= share <= 1.0


@given(TEXTS, TEXTS)
def test_a_signature_never_denies_a_likeness(needle, text):
    likeness, stored = Likeness(fold(needle)), joined([fold(text)])
    if likeness.to(stored) >= 0.3:
        assert likeness.may_be_in(signature(stored), 0.3)
