"""The texts of a message that SEARCH BODY and TEXT look into, and a signature that tells quickly what is not in them.

A signature is a set of bits, one for each three octets that stand together in a word of the text (several may share
a bit). A needle whose own triples are not all there is not in the text; one whose triples are there may be.
"""

from __future__ import annotations

from collections.abc import Iterable

from mailformat import headers
from mailformat.collation import fold
from mailformat.decoding import text_of
from mailformat.parts import Part
from mailformat.searchkeys import SEPARATOR, clean

# Bits for each triple: at four, between one bit in five and one in eight is set. Powers of two, so that a needle's
# bits are computed once a size.
BITS_A_TRIPLE = 4
MIN_BITS = 512
MAX_BITS = 65_536  # 8 KiB: beyond, a signature would cost more than it spares
# A needle's triples that are asked for: more tell nothing new.
MAX_PROBES = 24

Probes = list[tuple[int, int]]


def header_lines(header: bytes) -> list[str]:
    """The fields, decoded and folded, one line each; at once where nothing in them is encoded."""
    if header.isascii() and b"=?" not in header:
        plain = header.replace(b"\r\n ", b" ").replace(b"\r\n\t", b" ").replace(b"\t", b" ")
        return plain.decode("ascii").upper().split("\r\n")
    return [fold(_line(field)) for field in headers.fields(header)]


def body_texts(data: bytes, root: Part) -> list[str]:
    """Every text part, decoded and folded, and the header fields of attached messages."""
    found = []
    for part in root.walk():
        if part.message is not None:
            header = data[part.message.header_start : part.message.body_start]
            found += [fold(_line(field)) for field in headers.fields(header)]
        elif part.type == "text":
            found.append(fold(text_of(data, part)))
    return found


def joined(texts: Iterable[str]) -> str:
    """Texts as they are stored: nothing matches across two of them."""
    return SEPARATOR.join([clean(text) for text in texts])


def _line(field: headers.HeaderField) -> str:
    return f"{headers.decode(field.name)}: {headers.decode(field.raw_value)}"


def signature(text: str) -> bytes:
    """Of a stored text."""
    triples: set[tuple[int, int, int]] = set()
    for word in set(text.encode("utf-8", "replace").split()):
        triples.update(zip(word, word[1:], word[2:], strict=False))
    wanted = BITS_A_TRIPLE * len(triples)
    bits = min(MAX_BITS, max(MIN_BITS, 1 << (wanted - 1).bit_length() if wanted else 0))
    signed = bytearray(bits // 8)
    for triple in triples:
        bit = bit_of(triple) & (bits - 1)
        signed[bit >> 3] |= 1 << (bit & 7)
    return bytes(signed)


class Probe:
    """Which signatures a folded needle may be behind."""

    def __init__(self, needle: str) -> None:
        triples: dict[tuple[int, int, int], None] = {}
        for word in needle.encode("utf-8", "replace").split():
            triples.update(dict.fromkeys(triples_of(word)))
        step = -(-len(triples) // MAX_PROBES) if triples else 1
        self._hashes = [bit_of(triple) for triple in list(triples)[::step]]
        self._places: dict[int, Probes] = {}

    @property
    def tells(self) -> bool:
        """False: the needle has no word of three octets, and any text may have it."""
        return bool(self._hashes)

    def may_be_in(self, signed: bytes) -> bool:
        """False: the needle is not in the text of that signature."""
        places = self._places.get(len(signed))
        if places is None:
            places = self._places[len(signed)] = self._bits(len(signed) * 8)
        for at, mask in places:  # noqa: SIM110 (a generator would cost more than the look)
            if not signed[at] & mask:
                return False
        return True

    def _bits(self, bits: int) -> Probes:
        wanted = [each & (bits - 1) for each in self._hashes] if bits else []
        return [(bit >> 3, 1 << (bit & 7)) for bit in wanted]


def triples_of(word: bytes) -> list[tuple[int, int, int]]:
    """Each three octets that stand together, once."""
    return list(dict.fromkeys(zip(word, word[1:], word[2:], strict=False)))


def bit_of(triple: tuple[int, int, int]) -> int:
    """Which bit stands for it, in a signature as large as there may be."""
    a, b, c = triple
    return ((a << 16 | b << 8 | c) * 2_654_435_761) >> 11
