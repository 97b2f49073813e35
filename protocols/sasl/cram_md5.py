"""CRAM-MD5 (RFC 2195), and the keys that a server can keep instead of the password.

HMAC-MD5 starts by running MD5 over one block of the padded password, inside and outside
(RFC 2104 section 4 suggests to keep the two states). The 32 octets verify CRAM-MD5
and nothing else: they are not the password, which could only be found by guessing.
"""

import hashlib
import hmac

from protocols.sasl import md5
from protocols.sasl.proofs import CramMd5Proof
from protocols.sasl.steps import Challenge, Done, Failed, Keys, SaslContext, Step

DIGEST_HEX_OCTETS = 32
BLOCK_OCTETS = 64
MAX_RESPONSE_OCTETS = 1024  # an address (254 octets), a space and the digest fit many times


class CramMd5:
    """challenge = msg-id; response = user SP digest in lower case hexadecimal."""

    name = "CRAM-MD5"

    def __init__(self, context: SaslContext) -> None:
        self._challenge = f"<{context.nonce_source()}@{context.hostname}>".encode("ascii", "replace")

    def start(self, initial: bytes | None) -> Step:
        # RFC 2195 lets the server speak first: an initial response is an error, but an empty one is harmless.
        return Failed("CRAM-MD5 has no initial response") if initial else Challenge(self._challenge)

    def step(self, response: bytes) -> Step:
        user, space, digest = response.rpartition(b" ")
        if not user or not space or len(digest) != DIGEST_HEX_OCTETS or len(response) > MAX_RESPONSE_OCTETS:
            return Failed("CRAM-MD5: malformed response")
        try:
            return Done(CramMd5Proof(user.decode("utf-8"), self._challenge, bytes.fromhex(digest.decode("ascii"))))
        except ValueError:
            return Failed("CRAM-MD5: malformed response")

    def provide(self, keys: Keys) -> Step:
        return Failed("CRAM-MD5 takes no keys")


def keys_from_password(password: bytes) -> bytes:
    """The inner and outer MD5 states, 16 octets each."""
    key = hashlib.md5(password, usedforsecurity=False).digest() if len(password) > BLOCK_OCTETS else password
    padded = key.ljust(BLOCK_OCTETS, b"\0")
    inner = bytes(octet ^ 0x36 for octet in padded)
    outer = bytes(octet ^ 0x5C for octet in padded)
    return md5.state_after(inner) + md5.state_after(outer)


def verify(keys: bytes, challenge: bytes, digest: bytes) -> bool:
    """Whether `digest` is HMAC-MD5 of `challenge` under the password of `keys`; constant-time comparison."""
    inner = md5.resume(keys[:16], BLOCK_OCTETS, challenge)
    return hmac.compare_digest(md5.resume(keys[16:], BLOCK_OCTETS, inner), digest)
