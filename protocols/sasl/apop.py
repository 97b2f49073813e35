"""APOP (RFC 1939 section 7): not a SASL mechanism, but a proof like the others.

digest = MD5(timestamp password). The timestamp comes first, so nothing less than the password itself lets a
server verify it.
"""

import hashlib
import hmac

from protocols.sasl.proofs import ApopProof

DIGEST_HEX_OCTETS = 32


def timestamp(nonce: str, hostname: str) -> bytes:
    """What the greeting shows, in the form of a msg-id; different each time."""
    return f"<{nonce}@{hostname}>".encode("ascii", "replace")


def read_digest(text: str) -> bytes | None:
    """The 16 octets behind the 32 hexadecimal digits (lower case in the RFC), None where it is something else."""
    if len(text) != DIGEST_HEX_OCTETS:
        return None
    try:
        return bytes.fromhex(text)
    except ValueError:
        return None


def verify(password: bytes, proof: ApopProof) -> bool:
    """Whether the digest is that of this password; constant-time comparison."""
    digest = hashlib.md5(proof.timestamp + password, usedforsecurity=False).digest()
    return hmac.compare_digest(digest, proof.digest)
