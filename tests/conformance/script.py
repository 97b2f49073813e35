r"""Dialogue scripts: the format and its reader.

A `.script` file holds one or more cases. A case starts with header lines, `key: value`:

    == RCPT from a stranger                     the case's title (optional for the first)
    rfc: 5321 4.1.1.3                           which section
    proves: If accepted, the SMTP server returns a "250 OK" reply
    service: submission                         a name of the service table; `service 2: imap` for session 2 only
    policy: encrypted                           none | secure | encrypted
    tls: yes                                    sessions start inside TLS (implied by smtps, imaps, pop3s)
    setup: quota bob 1000                       an action of tests/conformance/actions.py, may be repeated

then, after a blank line, the dialogue. The number says which session; a session opens when it is first named.

    1 C: MAIL FROM:<a@b.example>     a line from the client, CRLF added. Lines that follow each other go out together
                                     (pipelining) in the whole run, and one byte at a time in the other.
    1 R: raw\r\n.\n                  bytes as they are, nothing added
    1 S: 250 2.1.0 OK                exactly this line from the server
    1 S~ 250 .*queued as (?P<id>\w+) a line that matches this regular expression; named groups bind names
    1 S* 250-.*                      any number of lines (none too) that match
    1 TLS                            the handshake after STARTTLS happens here
    1 CLOSED                         the server has closed;      1 EOF   the client closes
    1 QUIET                          the server has said nothing more
    1 WAKE                           the change feed wakes the session;      1 TIMEOUT  its time is up
    DO quota bob 1000                an action in between
    # a comment

The greeting may be left out: it is skipped where the client speaks first. `$name` in an S line binds at first use and
matches from then on, in C lines it is replaced; `\$` is a dollar. Escapes: \r \n \t \0 \xHH \\ \$; any other backslash
stands for itself (\Seen). `{{A*2000}}` repeats. C lines may call $(plain alice@mondomaine.fr user1), $(b64 text) and
$(cram $challenge alice@mondomaine.fr user1); for more see tests/conformance/challenges.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

_STEP = re.compile(r"(\d+) (C:|R:|S:|S~|S\*|TLS|CLOSED|EOF|QUIET|WAKE|TIMEOUT)(?: (.*))?$")
_HEADER = re.compile(r"([a-z]+(?: \d+)?): (.*)$")
_ESCAPE = re.compile(rb"\\(x[0-9A-Fa-f]{2}|[rnt0\\$])")
_REPEAT = re.compile(rb"\{\{(.+?)\*(\d+)\}\}", re.DOTALL)
_SIMPLE = {b"r": b"\r", b"n": b"\n", b"t": b"\t", b"0": b"\0", b"\\": b"\\", b"$": b"$"}
HEADER_KEYS = {"rfc", "proves", "service", "policy", "tls", "setup"}


@dataclass(frozen=True)
class Step:
    """One line of the dialogue: who (0 for DO), what and the text."""

    session: int
    verb: str
    text: str
    line: int


@dataclass
class Case:
    """One dialogue with what it proves."""

    path: Path
    title: str
    headers: dict[str, str] = field(default_factory=dict)
    setup: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.path.stem}: {self.title}" if self.title else self.path.stem

    def service(self, session: int, default: str) -> str:
        return self.headers.get(f"service {session}", self.headers.get("service", default))


class ScriptError(Exception):
    """The script itself is malformed."""


def parse(path: Path) -> list[Case]:
    """Every case of a script file."""
    cases: list[Case] = []
    case = Case(path, "")
    in_header = True
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("== "):
            if case.steps:
                cases.append(case)
            case, in_header = Case(path, line[3:].strip()), True
        elif line.startswith("#"):
            continue
        elif not line.strip():
            in_header = in_header and not case.headers
        elif in_header:
            _header(case, line, number)
        else:
            case.steps.append(_step(path, line, number))
    cases.append(case)
    for each in cases:
        _check(each)
    return cases


def _header(case: Case, line: str, number: int) -> None:
    match = _HEADER.match(line)
    if match is None or match[1].split()[0] not in HEADER_KEYS:
        raise ScriptError(f"{case.path.name}:{number}: not a header line: {line}")
    if match[1] == "setup":
        case.setup.append(match[2])
    else:
        case.headers[match[1]] = match[2]


def _step(path: Path, line: str, number: int) -> Step:
    if line.startswith("DO "):
        return Step(0, "DO", line[3:], number)
    match = _STEP.match(line)
    if match is None:
        raise ScriptError(f"{path.name}:{number}: not a step: {line}")
    return Step(int(match[1]), match[2], match[3] or "", number)


def _check(case: Case) -> None:
    if not case.steps:
        raise ScriptError(f"{case.path.name}: {case.title}: no dialogue")
    for key in ("rfc", "proves"):
        if key not in case.headers:
            raise ScriptError(f"{case.path.name}: {case.title}: no `{key}:` line")


def unescape(data: bytes) -> bytes:
    """Undo the escapes of the script's text."""
    return _ESCAPE.sub(lambda m: bytes([int(m[1][1:], 16)]) if len(m[1]) > 1 else _SIMPLE[m[1]], data)


def repeat(data: bytes) -> bytes:
    """{{A*3}} -> AAA."""
    return _REPEAT.sub(lambda m: m[1] * int(m[2]), data)
