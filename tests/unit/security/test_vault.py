"""Encryption at rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from security import vault


@given(st.binary(max_size=200), st.text(max_size=20, alphabet=st.characters(codec="utf-8")))
def test_round_trip(data, purpose):
    sealed = vault.encrypt(data, purpose)
    assert vault.decrypt(sealed, purpose) == data
    assert vault.decrypt(memoryview(sealed), purpose) == data
    assert len(sealed) == 1 + 12 + len(data) + 16


@given(st.binary(min_size=8, max_size=64), st.data())
def test_any_change_is_noticed(data, draw):
    sealed = bytearray(vault.encrypt(data, "purpose"))
    place = draw.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= draw.draw(st.integers(1, 255))
    with pytest.raises(vault.VaultError):
        vault.decrypt(bytes(sealed), "purpose")


def test_what_does_not_open(settings):
    sealed = vault.encrypt(b"secret", "purpose")
    for broken in (b"", b"\x01", b"\x02" + sealed[1:], sealed[:-1], sealed + b"x"):
        with pytest.raises(vault.VaultError):
            vault.decrypt(broken, "purpose")
    with pytest.raises(vault.VaultError):
        vault.decrypt(sealed, "another")
    settings.STORAGE_KEY = "another"
    with pytest.raises(vault.VaultError):
        vault.decrypt(sealed, "purpose")


def test_never_twice_the_same():
    assert vault.encrypt(b"secret", "purpose") != vault.encrypt(b"secret", "purpose")
    assert vault.subkey("a") != vault.subkey("b")
    assert vault.subkey("a") == vault.subkey("a")
