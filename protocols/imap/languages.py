"""The languages of human-readable texts (RFC 5255 section 3) and which of them a client's language range means."""

from collections.abc import Mapping

from protocols.imap.french import FRENCH

DEFAULT = "i-default"  # RFC 2277 section 4.5: English that anybody may get without asking
LANGUAGES = ("en", "fr", DEFAULT)
_CATALOGUES: Mapping[str, Mapping[str, str]] = {"fr": FRENCH}
_EXPECTED = "Expected "


def find_language(language_range: str) -> str | None:
    """A language of ours by RFC 4647: the range itself, the range cut shorter (fr-CA: fr), or a tag it begins."""
    known = {tag.lower(): tag for tag in LANGUAGES}
    wanted = language_range.lower()
    subtags = wanted.split("-")
    while subtags:
        if (tag := "-".join(subtags)) in known:
            return known[tag]
        subtags.pop()
        if subtags and len(subtags[-1]) == 1 and len(subtags) > 1:
            subtags.pop()  # section 3.4: a single letter introduces what was cut off
    return next((tag for lower, tag in known.items() if lower.startswith(wanted + "-")), None)


def translate(text: str, language: str) -> str:
    """The text in a language of LANGUAGES; as it is where that is English."""
    catalogue = _CATALOGUES.get(language)
    if catalogue is None:
        return text
    if text.startswith(_EXPECTED):
        what = text.removeprefix(_EXPECTED)
        return catalogue[_EXPECTED.strip()] + catalogue.get(what, what)
    return catalogue.get(text, text)
