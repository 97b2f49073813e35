"""MD5 (RFC 1321) from a given state: hashlib can neither export nor resume one.

For CRAM-MD5's kept keys only; a block costs about 40 microseconds.
"""

import math
import struct

_MASK = 0xFFFFFFFF
_INITIAL = struct.pack("<4I", 0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476)  # section 3.3
_SINES = tuple(int(abs(math.sin(i + 1)) * 2**32) & _MASK for i in range(64))  # section 3.4, table T
_SHIFTS = ((7, 12, 17, 22), (5, 9, 14, 20), (4, 11, 16, 23), (6, 10, 15, 21))
# (sine, shift, index of the message word) of each of the 64 operations.
_OPERATIONS = tuple(
    (_SINES[i], _SHIFTS[i // 16][i % 4], (i, 5 * i + 1, 3 * i + 5, 7 * i)[i // 16] % 16) for i in range(64)
)


def _mix(round_: int, b: int, c: int, d: int) -> int:
    """F, G, H and I of section 3.4."""
    if round_ == 0:
        return (b & c) | (~b & d)
    if round_ == 1:
        return (b & d) | (c & ~d)
    if round_ == 2:
        return b ^ c ^ d
    return c ^ (b | (~d & _MASK))


def _compress(state: bytes, block: bytes) -> bytes:
    words = struct.unpack("<16I", block)
    a, b, c, d = first = struct.unpack("<4I", state)
    for number, (sine, shift, index) in enumerate(_OPERATIONS):
        total = (a + _mix(number // 16, b, c, d) + words[index] + sine) & _MASK
        a, d, c, b = d, c, b, (b + ((total << shift) | (total >> (32 - shift)))) & _MASK
    return struct.pack("<4I", *((x + y) & _MASK for x, y in zip(first, (a, b, c, d), strict=True)))


def state_after(block: bytes) -> bytes:
    """The 16 octets of state after one whole block of 64 octets."""
    return _compress(_INITIAL, block)


def resume(state: bytes, consumed: int, data: bytes) -> bytes:
    """The digest of what led to `state` (`consumed` octets, a multiple of 64) followed by `data`."""
    length = consumed + len(data)
    padded = data + b"\x80" + b"\0" * ((55 - length) % 64) + struct.pack("<Q", length * 8)
    for start in range(0, len(padded), 64):
        state = _compress(state, padded[start : start + 64])
    return state
