"""A small reader of IMAP parenthesized data: lists, quoted strings, literals, NIL, numbers."""

import re

_QUOTED = re.compile(rb'"((?:[^"\\\r\n\x00]|\\["\\])*+)"')
_LITERAL = re.compile(rb"\{(\d+)\}\r\n")
_NUMBER = re.compile(rb"\d+")


def read(data: bytes) -> list:
    """The one value in `data`; ValueError where it is no valid IMAP data (RFC 3501 section 9)."""
    stack: list[list] = [[]]
    position = 0
    after_space = True
    while position < len(data):
        byte = data[position : position + 1]
        if byte == b" ":
            assert not after_space, position
            position += 1
            after_space = True
            continue
        if byte == b")":
            if after_space or len(stack) == 1 or not stack[-1]:
                raise ValueError(f"stray ) at {position}")
            done = stack.pop()
            stack[-1].append(done)
            position += 1
        elif byte == b"(":
            if not after_space and not isinstance((stack[-1] or [[]])[-1], list):
                raise ValueError(f"no space before ( at {position}")
            stack.append([])
            position += 1
            after_space = False
            continue
        else:
            if not after_space and stack[-1]:
                raise ValueError(f"no space before value at {position}")
            value, position = _atom(data, position)
            stack[-1].append(value)
        after_space = False
    if len(stack) != 1 or len(stack[0]) != 1 or after_space:
        raise ValueError("unbalanced")
    return stack[0][0]


def _atom(data: bytes, position: int) -> tuple[bytes | int | None, int]:
    if data.startswith(b"NIL", position):
        return None, position + 3
    if number := _NUMBER.match(data, position):
        return int(number[0]), number.end()
    if quoted := _QUOTED.match(data, position):
        if not quoted[1].isascii():
            raise ValueError("8 bit in a quoted string")
        return re.sub(rb"\\(.)", rb"\1", quoted[1]), quoted.end()
    if literal := _LITERAL.match(data, position):
        end = literal.end() + int(literal[1])
        if end > len(data) or b"\0" in data[literal.end() : end]:
            raise ValueError("bad literal")
        return data[literal.end() : end], end
    raise ValueError(f"no value at {position}: {data[position : position + 20]!r}")
