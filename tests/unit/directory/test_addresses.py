"""Folding: one address, one form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.addresses import display_domain, fold_address, fold_domain, split_address, without_detail


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Alice@MonDomaine.FR", "alice@mondomaine.fr"),
        ("alice+lists@mondomaine.fr", "alice+lists@mondomaine.fr"),
        ("alice@mondomaine.fr.", "alice@mondomaine.fr"),
        ('"alice"@mondomaine.fr', "alice@mondomaine.fr"),
        ('"al\\ice"@mondomaine.fr', "alice@mondomaine.fr"),
        ('"Alice Martin"@mondomaine.fr', '"alice martin"@mondomaine.fr'),
        ('"a@b"@mondomaine.fr', '"a@b"@mondomaine.fr'),
        ('"a\\"b"@mondomaine.fr', '"a\\"b"@mondomaine.fr'),
        ("Jose\u0301@mondomaine.fr", "jos\u00e9@mondomaine.fr"),
        ("JOSÉ@mondomaine.fr", "josé@mondomaine.fr"),
        ("alice@bücher.example", "alice@xn--bcher-kva.example"),
        ("alice@BÜCHER.example", "alice@xn--bcher-kva.example"),
        ("alice@XN--BCHER-KVA.example", "alice@xn--bcher-kva.example"),
        ("alice@[192.0.2.1]", "alice@[192.0.2.1]"),
        ("alice@[IPv6:2001:DB8::1]", "alice@[ipv6:2001:db8::1]"),
        ("x!#$%&'*/=?^_`{|}~-@mondomaine.fr", "x!#$%&'*/=?^_`{|}~-@mondomaine.fr"),
        ("a" * 64 + "@mondomaine.fr", "a" * 64 + "@mondomaine.fr"),
    ],
)
def test_folds(text, folded):
    assert fold_address(text) == folded
    assert fold_address(folded) == folded


@pytest.mark.parametrize(
    "text",
    [
        "",
        "alice",
        "@mondomaine.fr",
        "alice@",
        "alice martin@mondomaine.fr",
        ".alice@mondomaine.fr",
        "alice.@mondomaine.fr",
        "al..ice@mondomaine.fr",
        "alice@mondomaine..fr",
        "alice@-mondomaine.fr",
        "alice@mondomaine-.fr",
        "alice@mondomaine.fr-",
        "a\0b@mondomaine.fr",
        "a\r\nb@mondomaine.fr",
        '"a\nb"@mondomaine.fr',
        "al\u200dice@mondomaine.fr",
        "alice@" + "a" * 64 + ".fr",
        "alice@" + ".".join(["a" * 60] * 5),
        "a" * 65 + "@mondomaine.fr",
        "é" * 33 + "@mondomaine.fr",
        "a" * 10_000 + "@mondomaine.fr",
        "alice@mon domaine.fr",
    ],
)
def test_refuses(text):
    with pytest.raises(ValueError):
        fold_address(text)


def test_whole_address_is_limited():
    # RFC 5321 section 4.5.3.1.3: 256 with the brackets.
    domain = ".".join(["d" * 63] * 3)
    longest = "a" * (254 - len(domain) - 1) + "@" + domain
    assert fold_address(longest) == longest
    with pytest.raises(ValueError):
        fold_address("a" + longest)


@given(st.text(max_size=40), st.text(max_size=40))
def test_folding_twice_is_folding_once(localpart, domain):
    try:
        folded = fold_address(f"{localpart}@{domain}")
    except ValueError:
        return
    assert fold_address(folded) == folded
    assert "\0" not in folded and "\n" not in folded and "\r" not in folded
    assert len(folded.encode()) <= 254


def test_split_at_the_last_at():
    assert split_address('"a@b"@c.fr') == ('"a@b"', "c.fr")


def test_detail():
    assert without_detail("alice+x+y") == "alice"
    assert without_detail("alice") is None
    assert without_detail("+x") is None
    assert without_detail('"a+b c"') is None


def test_domain_for_people():
    assert display_domain(fold_domain("Bücher.example")) == "bücher.example"
