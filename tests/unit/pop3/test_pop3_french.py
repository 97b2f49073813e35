"""Every text of POP3 is spoken in French after LANG fr: those that handlers, table and parser say."""

import ast

import pytest
from django.utils import translation

from protocols.pop3 import answers
from protocols.pop3.state import State
from tests.architecture.source import ROOT

SPEAKERS = {"good", "err", "say", "hang_up", "Pop3SyntaxError"}


def texts():
    found = {text for text, _ in [*answers.STORE_ERRORS.values(), answers.OUR_FAULT]}
    found |= {answers.MAILDROP, *(state.value for state in State)}
    for path in (ROOT / "protocols" / "pop3").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            name = getattr(call, "func", None) and (getattr(call.func, "id", "") or getattr(call.func, "attr", ""))
            if name in SPEAKERS and call.args:
                inside = ast.walk(call.args[0])
                found |= {
                    node.value for node in inside if isinstance(node, ast.Constant) and isinstance(node.value, str)
                }
    return sorted(found - {""})


def test_there_are_some():
    assert len(texts()) > 40


@pytest.mark.parametrize("text", texts())
def test_it_is_translated(text):
    with translation.override("fr"):
        assert translation.gettext(text) != text or text in (
            "%(messages)d messages (%(octets)d octets)",
            "%(octets)d octets",
        )
    with translation.override("en"):
        assert translation.gettext(text) == text
