"""MD4 (RFC 1320), for NTLM's NT hash: OpenSSL 3 does not offer it any more.

Broken as a hash, and used here only because NTLM is defined by it; a block costs about 30 microseconds.
"""

import struct

_MASK = 0xFFFFFFFF
_INITIAL = (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476)  # section 3.3
# Section 3.4: for each round the constant added, the four shifts and the order of the message's words.
_ROUNDS = (
    (0x00000000, (3, 7, 11, 19), tuple(range(16))),
    (0x5A827999, (3, 5, 9, 13), (0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15)),
    (0x6ED9EBA1, (3, 9, 11, 15), (0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15)),
)


def digest(data: bytes) -> bytes:
    """The 16 octets of MD4 of `data`."""
    padded = data + b"\x80" + b"\0" * ((55 - len(data)) % 64) + struct.pack("<Q", len(data) * 8)
    state = _INITIAL
    for start in range(0, len(padded), 64):
        state = _compress(state, padded[start : start + 64])
    return struct.pack("<4I", *state)


def _mix(round_: int, x: int, y: int, z: int) -> int:
    """F, G and H of section 3.4."""
    if round_ == 0:
        return (x & y) | (~x & z)
    if round_ == 1:
        return (x & y) | (x & z) | (y & z)
    return x ^ y ^ z


def _compress(state: tuple[int, int, int, int], block: bytes) -> tuple[int, int, int, int]:
    words = struct.unpack("<16I", block)
    a, b, c, d = state
    for number, (constant, shifts, order) in enumerate(_ROUNDS):
        for step, index in enumerate(order):
            total = (a + _mix(number, b, c, d) + words[index] + constant) & _MASK
            shift = shifts[step % 4]
            a, d, c, b = d, c, b, ((total << shift) | (total >> (32 - shift))) & _MASK
    return (
        (state[0] + a) & _MASK,
        (state[1] + b) & _MASK,
        (state[2] + c) & _MASK,
        (state[3] + d) & _MASK,
    )
