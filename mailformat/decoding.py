from mailformat.parts import Part
def decoded(data: bytes, part: Part) -> bytes:
    raise NotImplementedError
def text_of(data: bytes, part: Part) -> str:
    raise NotImplementedError
