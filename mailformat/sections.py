"""BODY[...] of RFC 3501 section 6.4.5."""
from dataclasses import dataclass
from mailformat.parts import Part

@dataclass(frozen=True, slots=True)
class SectionSpec:
    """What stands between the brackets: `part` "" or "1.2"; `text` "", "HEADER", "HEADER.FIELDS",
    "HEADER.FIELDS.NOT", "TEXT" or "MIME"; `fields` the names of HEADER.FIELDS(.NOT)."""

    part: str = ""
    text: str = ""
    fields: tuple[bytes, ...] = ()

def section(data: bytes, root: Part, spec: SectionSpec) -> bytes | None:
    raise NotImplementedError
