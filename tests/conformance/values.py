"""$names and $(functions) in dialogue scripts."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

from tests.conformance.challenges import CHALLENGE_CLIENTS
from tests.conformance.script import repeat, unescape

_CALL = re.compile(rb"\$\((\w+)((?: [^()]*)?)\)")
# A dollar that is not escaped, and a name in lower case.
_NAME = re.compile(rb"(?<!\\)\$([a-z_][a-z0-9_]*)")


class Names:
    """What has been bound so far, shared by all sessions of a case."""

    def __init__(self) -> None:
        self.values: dict[bytes, bytes] = {}

    def client_bytes(self, text: str) -> bytes:
        """The bytes of a C line: names, calls, repeats and escapes replaced."""
        data = repeat(self._substitute(text.encode()))
        return unescape(_CALL.sub(lambda m: _call(m[1], m[2].split()), data))

    def _substitute(self, data: bytes) -> bytes:
        return _NAME.sub(lambda m: self.values[m[1]].replace(b"\\", b"\\\\"), data)

    def match(self, text: str, line: bytes) -> bool:
        """True where the server's line is the expected text; binds new names."""
        pattern, new, last = b"", set(), 0
        data = repeat(_CALL.sub(lambda m: _call(m[1], self._substitute(m[2]).split()), text.encode()))
        for found in _NAME.finditer(data):
            pattern += re.escape(unescape(data[last : found.start()]))
            last, name = found.end(), found[1]
            if name in self.values:
                pattern += re.escape(self.values[name])
            elif name in new:
                pattern += b"(?P=" + name + b")"
            else:
                new.add(name)
                pattern += b"(?P<" + name + b">.+?)"
        return self.match_pattern(pattern + re.escape(unescape(data[last:])), line)

    def match_pattern(self, pattern: bytes, line: bytes) -> bool:
        """True where the whole line matches the regular expression; named groups are bound."""
        found = re.fullmatch(pattern, line, re.DOTALL)
        if found is None:
            return False
        for name, value in found.groupdict().items():
            if value is not None:
                self.values[name.encode()] = value
        return True


def _call(name: bytes, arguments: list[bytes]) -> bytes:
    if name == b"b64":
        return base64.b64encode(unescape(b" ".join(arguments)))
    if name == b"plain":
        login, password = arguments
        return base64.b64encode(b"\0" + login + b"\0" + password)
    if name == b"cram":
        challenge, login, password = arguments
        digest = hmac.new(password, base64.b64decode(challenge), hashlib.md5).hexdigest()
        return base64.b64encode(login + b" " + digest.encode())
    if name in CHALLENGE_CLIENTS:
        return CHALLENGE_CLIENTS[name](*arguments)
    raise ValueError(f"no such function: {name!r}")
