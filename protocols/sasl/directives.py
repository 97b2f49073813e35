"""DIGEST-MD5's lists of directives (RFC 2831 section 7.1): name=token or name="quoted string", commas between."""

import re

# RFC 2831 section 2.1.2: the size of a digest-response MUST be less than 4096 bytes.
MAX_RESPONSE_OCTETS = 4095
_DIRECTIVE = re.compile(
    rb"""[ \t\r\n]*([!#-'*+.0-9A-Z^-z|~-]+)[ \t\r\n]*=[ \t\r\n]*"""
    rb"""(?:"((?:[^"\\\0]|\\[^\0])*)"|([!#-'*+.0-9A-Z^-z|~-]+))[ \t\r\n]*(?:,|\Z)""",
    re.DOTALL,
)
_EMPTY = re.compile(rb"[ \t\r\n]*(?:,|\Z)")  # elements of a list may be empty (RFC 2616 section 2.1, "#rule")
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)


def parse(data: bytes) -> dict[str, bytes]:
    """The directives by name in lower case. ValueError: malformed, too long, or one that is there twice."""
    if len(data) > MAX_RESPONSE_OCTETS:
        raise ValueError("too long")
    found: dict[str, bytes] = {}
    position = 0
    while position < len(data):
        match = _DIRECTIVE.match(data, position)
        if match is None:
            match = _EMPTY.match(data, position)
            if match is None:
                raise ValueError("malformed list of directives")
        else:
            name = match[1].decode("ascii").lower()
            if name in found:
                raise ValueError(f"{name} is there twice")
            found[name] = match[3] if match[2] is None else _ESCAPED.sub(rb"\1", match[2])
        position = match.end()
    return found


def quote(text: str) -> str:
    """A quoted-string of RFC 2831 section 7.2."""
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'
