"""Runs dialogue scripts: each case whole and byte by byte, against the Session objects on a real database.

See tests/conformance/script.py for the format. A protocol's test module is three lines:

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.parametrize(("case", "byte_by_byte"), runs(Path(__file__).parent))
    def test_script(case, byte_by_byte):
        run(case, byte_by_byte=byte_by_byte)
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.actions import make_cast, perform
from tests.conformance.conversation import Conversation
from tests.conformance.script import Case, Step, parse
from tests.conformance.values import Names


def runs(folder: Path) -> list[Any]:
    """Parameters for pytest: every case of the folder's scripts, in both ways of cutting the stream."""
    return [
        pytest.param(case, byte_by_byte, id=f"{case.name} ({'bytes' if byte_by_byte else 'whole'})")
        for path in sorted(folder.glob("*.script"))
        for case in parse(path)
        for byte_by_byte in (False, True)
    ]


def run(case: Case, *, byte_by_byte: bool) -> None:
    """Play one case; an AssertionError names the script's line."""
    make_cast(" ".join([*case.setup, *(step.text for step in case.steps)]))
    if "policy" in case.headers:
        perform(f"policy {case.headers['policy']}")
    for line in case.setup:
        perform(line)
    _Player(case, byte_by_byte).play()


class _Player:
    def __init__(self, case: Case, byte_by_byte: bool) -> None:
        self.case = case
        self.byte_by_byte = byte_by_byte
        self.names = Names()
        self.sessions: dict[int, Conversation] = {}
        self.pending = bytearray()  # client lines that follow each other: sent together

    def play(self) -> None:
        try:
            for step, following in pairwise([*self.case.steps, None]):
                assert step is not None
                self._step(step, following)
            for number, session in self.sessions.items():
                assert not session.output, f"{self.case.name}: session {number} said more: {bytes(session.output)!r}"
        finally:
            for session in self.sessions.values():
                session.close()

    def _step(self, step: Step, following: Step | None) -> None:
        if step.verb == "DO":
            perform(step.text)
            return
        session = self._session(step)
        if step.verb in ("C:", "R:"):
            self.pending += self.names.client_bytes(step.text) + (b"\r\n" if step.verb == "C:" else b"")
            if following is None or following.session != step.session or following.verb not in ("C:", "R:"):
                self._send(step, session)
            return
        self._other(step, session)

    def _session(self, step: Step) -> Conversation:
        if step.session not in self.sessions:
            service = self.case.service(step.session, self.case.path.parent.name)
            tls = self.case.headers.get("tls", "no") == "yes"
            self.sessions[step.session] = Conversation(
                service, tls=tls, byte_by_byte=self.byte_by_byte, port=50000 + step.session
            )
        return self.sessions[step.session]

    def _send(self, step: Step, session: Conversation) -> None:
        if not session.greeted:
            session.greeted = True
            session.output.clear()
        unread = bytes(session.output)
        assert not unread, self._where(step, f"the server had said more before: {unread!r}")
        data, self.pending = bytes(self.pending), bytearray()
        session.send(data)

    def _other(self, step: Step, session: Conversation) -> None:
        if step.verb in ("S:", "S~"):
            session.greeted = True
            line = session.take_line()
            match = self.names.match if step.verb == "S:" else self._match_regex
            assert line is not None, self._where(step, f"the server says nothing more ({bytes(session.output)!r})")
            assert match(step.text, line), self._where(step, f"got {line.decode(errors='backslashreplace')}")
        elif step.verb == "S*":
            while (line := session.peek_line()) is not None and self._match_regex(step.text, line):
                session.take_line()
        elif step.verb == "CLOSED":
            assert session.closed, self._where(step, "still open")
        elif step.verb == "QUIET":
            assert not session.output, self._where(step, f"said {bytes(session.output)!r}")
        else:
            {"TLS": session.handshake, "EOF": session.end_of_input, "WAKE": session.wake, "TIMEOUT": session.time_out}[
                step.verb
            ]()

    def _match_regex(self, text: str, line: bytes) -> bool:
        return self.names.match_pattern(text.encode(), line)

    def _where(self, step: Step, what: str) -> str:
        known = {name.decode(): value for name, value in self.names.values.items()}
        return f"{self.case.path.name}:{step.line}: {step.session} {step.verb} {step.text}\n  {what}\n  names: {known}"
