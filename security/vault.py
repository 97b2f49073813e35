"""Encryption at rest of derived secrets and private keys.

Format: one octet of version (1), a nonce of 12, then AES-256-GCM's ciphertext with its tag. The key
comes from settings.STORAGE_KEY by HKDF-SHA256 (RFC 5869) and is not in the database. `purpose` is
authenticated (RFC 5116 section 2.1): a ciphertext copied to another row or column does not open.
"""

import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

VERSION = b"\x01"
NONCE_OCTETS = 12  # random: 2**32 encryptions stay below a collision chance of 2**-32
KEY_OCTETS = 32


class VaultError(Exception):
    """Not encrypted with this STORAGE_KEY for this purpose, or damaged."""


def encrypt(data: bytes, purpose: str) -> bytes:
    """The sealed form of `data`, which only decrypt() with the same purpose opens."""
    nonce = secrets.token_bytes(NONCE_OCTETS)
    return VERSION + nonce + AESGCM(_key(settings.STORAGE_KEY, "vault")).encrypt(nonce, data, _bound(purpose))


def decrypt(sealed: bytes, purpose: str) -> bytes:
    """What encrypt() was given. VaultError."""
    octets = bytes(sealed)
    if octets[:1] != VERSION:
        raise VaultError("unknown format")
    nonce, ciphertext = octets[1 : 1 + NONCE_OCTETS], octets[1 + NONCE_OCTETS :]
    try:
        return AESGCM(_key(settings.STORAGE_KEY, "vault")).decrypt(nonce, ciphertext, _bound(purpose))
    except (InvalidTag, ValueError) as error:
        raise VaultError("cannot be opened: is this the STORAGE_KEY that sealed it?") from error


def subkey(label: str) -> bytes:
    """A key of 32 octets for one other use, the same in every process."""
    return _key(settings.STORAGE_KEY, label)


def _bound(purpose: str) -> bytes:
    return VERSION + purpose.encode()


@lru_cache(maxsize=16)
def _key(storage_key: str, label: str) -> bytes:
    return HKDF(SHA256(), KEY_OCTETS, salt=None, info=f"facteur {label} v1".encode()).derive(storage_key.encode())
