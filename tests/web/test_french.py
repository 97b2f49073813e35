"""The French catalogue: whole, compiled, and set as French is set. No gettext tool is needed."""

import ast
import gettext
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from webmail import formats

FOLDER = Path(settings.LOCALE_PATHS[0]) / "fr" / "LC_MESSAGES"
ROOT = FOLDER.parents[2]
NBSP = "\u00a0"
MARKED = (
    "templates",
    "webmail",
    "adminconsole",
    "security",
    "directory",
    "protocols",
    "delivery",
    "mailstore",
    "config",
)


def _field(block: str, name: str) -> str | None:
    """A field of an entry, its lines joined."""
    found = re.search(rf'^{re.escape(name)} ((?:"(?:[^"\\]|\\.)*"\s*)+)', block, re.M)
    return "".join(ast.literal_eval(line) for line in found[1].split("\n") if line.strip()) if found else None


def _entries() -> list[tuple[str, str, list[str], str]]:
    """The key as a .mo file has it, the English, the French forms and the block of each entry but the header."""
    entries = []
    for block in (FOLDER / "django.po").read_text().split("\n\n")[1:]:
        english = _field(block, "msgid")
        if not english:
            continue
        context = _field(block, "msgctxt")
        forms = [text for n in range(3) if (text := _field(block, f"msgstr[{n}]")) is not None]
        entries.append(
            (
                f"{context}\x04{english}" if context else english,
                english,
                forms or [_field(block, "msgstr") or ""],
                block,
            )
        )
    return entries


ENTRIES = _entries()


def test_every_string_is_translated_and_none_is_a_guess() -> None:
    assert len(ENTRIES) > 400
    assert [key for key, _english, forms, block in ENTRIES if "" in forms or "#, fuzzy" in block] == []


def test_the_compiled_catalogue_is_that_of_the_source() -> None:
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = dict(gettext.GNUTranslations(file)._catalog)  # type: ignore[attr-defined]
    source: dict[object, str] = {}
    for key, _english, forms, block in ENTRIES:
        if "msgid_plural" in block:
            source |= {(key, number): form for number, form in enumerate(forms)}
        else:
            source[key] = forms[0]
    compiled.pop("")
    assert compiled == source


def test_placeholders_are_those_of_the_english() -> None:
    def names(text: str) -> set[str]:
        return set(re.findall(r"%\(\w+\)[sd]|%[sd]", text))

    wrong = [
        key
        for key, english, forms, block in ENTRIES
        for form in forms
        if not names(form) <= names(english) | names(_field(block, "msgid_plural") or "")
    ]
    assert wrong == []


def test_french_is_set_as_french() -> None:
    """U+00A0 before : ; ! ? and inside « », curly apostrophes (LOOK)."""
    prose = re.compile(r"https?://\S+|\[::\S*|%\(\w+\)[sd]|\S+:\d+|::1")
    wrong = []
    for _key, _english, forms, _block in ENTRIES:
        for form in forms:
            text = prose.sub("x", form)
            bare = re.search(r"(?<=[\w»)”’ ])(?<!\u00a0)[:;!?](?=\s|$)", text)
            quotes = re.search(r"«(?!\u00a0)|(?<!\u00a0)»", text)
            if bare or quotes or re.search(r"[A-Za-zé]'[a-zéèàA-Z]", text):
                wrong.append(form)
    assert wrong == []


@pytest.mark.parametrize(
    "call", [r'{%\s*translate "([^"]+)"\s*(?!context)%}', r'(?<![\w.])_?gettext\(\s*"([^"\\]+)"\s*\)']
)
def test_every_marked_string_is_in_the_catalogue(call: str) -> None:
    known = {english for _key, english, _forms, _block in ENTRIES}
    files = [path for name in MARKED for path in (ROOT / name).rglob("*") if path.suffix in (".py", ".html")]
    found = {text for path in files for text in re.findall(call, path.read_text())}
    assert len(found) > 50
    assert found - known == set()


def test_dates_are_short_french(db: None) -> None:
    with translation.override("fr"):
        assert formats.row_time(1_600_000_000) == "13 sept. 2020"
        assert re.fullmatch(r"(lun|mar|mer|jeu|ven|sam|dim)\. \d\d:\d\d", formats.row_time(formats.now() - 3 * 86400))
    with translation.override("en"):
        assert formats.row_time(1_600_000_000) == "13 Sep 2020"
