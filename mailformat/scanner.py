from mailformat.parts import Part
def scan(data: bytes) -> Part:
    raise NotImplementedError
