"""MIME (RFC 2045, 2046): the public face of the scanner, the stored structure and the decoders."""

from mailformat.decoding import decoded, text_of
from mailformat.parts import Part, find_part
from mailformat.scanner import scan
from mailformat.structure import dump, load

__all__ = ["Part", "decoded", "dump", "find_part", "load", "scan", "text_of"]
