"""LANGUAGE: which language a range means, and that every text that IMAP says is there in French."""

import ast

import pytest

from protocols.imap.errors import _TABLE
from protocols.imap.french import FRENCH
from protocols.imap.languages import LANGUAGES, find_language, translate
from protocols.imap.state import State
from tests.architecture.source import ROOT

# Whose first argument is a text for people; a Refusal's is the answer's.
SPEAKERS = {
    "Answer", "no", "bad", "BadEvent", "BadSyntax", "BadCharset", "BadMailboxName", "EmptyMessage", "TooManyKeys",
    "TooManyPieces", "Refusal",
}  # fmt: skip


def said() -> set[str]:
    """The texts in protocols/imap: arguments, tables, and what f-strings become."""
    found = {text for _code, text in _TABLE.values()}
    found |= {f"Not allowed {state.value}" for state in State}
    for path in (ROOT / "protocols" / "imap").rglob("*.py"):
        tree = ast.parse(path.read_text())
        found |= {text for node in ast.walk(tree) if isinstance(node, ast.Call) for text in texts_of(node)}
    return found


def texts_of(call: ast.Call) -> list[str]:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    place = {"say": 1, "match": 1, "translate": 0}.get(name, 0 if name in SPEAKERS else None)
    if place is None or len(call.args) <= place or not isinstance(call.args[place], ast.Constant):
        return []
    text = call.args[place].value
    if not isinstance(text, str):
        return []
    return ["Expected", text.removeprefix("Expected ")] if text.startswith("Expected ") else [text]


def test_every_text_is_there_in_french() -> None:
    texts = said()
    assert len(texts) > 100
    missing = sorted(texts - FRENCH.keys())
    assert missing == [], "add them to protocols/imap/french.py"


@pytest.mark.parametrize("text", sorted(FRENCH.values()))
def test_french_is_a_resp_text(text: str) -> None:
    """RFC 5255 section 3.5: UTF8-TEXT-CHAR, so no control character; no "[" at the beginning; curly apostrophes."""
    assert text.isprintable() and not text.startswith("[") and "'" not in text


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("fr", "fr"), ("FR", "fr"), ("fr-CA", "fr"), ("fr-Latn-CA-x-moi", "fr"), ("en-GB", "en"), ("i", "i-default"),
        ("i-default", "i-default"), ("I-DEFAULT", "i-default"), ("de", None), ("fra", None), ("mul", None),
    ],
)  # fmt: skip
def test_which_language_a_range_means(wanted: str, language: str | None) -> None:
    assert find_language(wanted) == language


def test_english_is_as_it_is() -> None:
    assert [translate("Searched", language) for language in LANGUAGES] == ["Searched", "Recherche faite", "Searched"]
    assert translate("Expected a flag", "fr") == "Il manque un drapeau"
    assert translate("Expected (", "fr") == "Il manque ("
