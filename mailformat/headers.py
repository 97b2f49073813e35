"""Header fields."""
from collections.abc import Iterable
from dataclasses import dataclass

@dataclass(frozen=True, slots=True)
class HeaderField:
    """A field: `name` as written, `raw_value` behind the colon with its folding, and
    where it stands in the header (`end` behind its last line end)."""

    name: bytes
    raw_value: bytes
    start: int
    end: int

def fields(header: bytes) -> list[HeaderField]:
    raise NotImplementedError
def find(header: bytes, name: str) -> bytes | None:
    raise NotImplementedError
def all_values(header: bytes, name: str) -> list[bytes]:
    raise NotImplementedError
def decode(value: bytes | str) -> str:
    raise NotImplementedError
def subset(header: bytes, names: Iterable[bytes], *, invert: bool = False) -> bytes:
    raise NotImplementedError
