from mailformat.parts import Part
def dump(part: Part) -> bytes:
    raise NotImplementedError
def load(structure: bytes) -> Part:
    raise NotImplementedError
