"""The CSS of a stranger's letter: only known properties, no addresses, nothing that runs or loads."""

from collections.abc import Callable, Iterable

import tinycss2
from tinycss2.ast import AtRule, Declaration, FunctionBlock, Node, QualifiedRule, URLToken

# Gets the address in url(...); gives the address to use instead, or None to drop the declaration.
UrlMap = Callable[[str], str | None]

PREFIXES = (
    "background", "border", "color", "font", "height", "letter-spacing", "line-height", "list-style", "margin",
    "max-height", "max-width", "min-height", "min-width", "padding", "text-", "width",
)  # fmt: skip
_NAMES = (
    "display vertical-align white-space word-break word-wrap overflow-wrap direction float clear opacity "
    "table-layout caption-side empty-cells align-items justify-content gap flex flex-direction flex-wrap "
    "box-sizing overflow overflow-x overflow-y word-spacing quotes hyphens"
)
NAMES = frozenset(_NAMES.split())
FUNCTIONS = frozenset("rgb rgba hsl hsla calc min max clamp linear-gradient".split())  # noqa: SIM905
MAX_CSS = 200_000  # characters of all <style> elements together


def clean_declarations(css: str, map_url: UrlMap) -> str:
    """The harmless declarations of a style attribute."""
    return _join(tinycss2.parse_blocks_contents(css, skip_comments=True, skip_whitespace=True), map_url)


def clean_stylesheet(css: str, map_url: UrlMap) -> str:
    """The harmless rules of a <style> element; of at-rules only @media is kept."""
    out = []
    for rule in tinycss2.parse_stylesheet(css[:MAX_CSS], skip_comments=True, skip_whitespace=True):
        if isinstance(rule, QualifiedRule):
            out.append(_rule(rule, map_url))
        elif isinstance(rule, AtRule) and rule.lower_at_keyword == "media" and rule.content is not None:
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            kept = "".join(_rule(one, map_url) for one in inner if isinstance(one, QualifiedRule))
            out.append(f"@media {tinycss2.serialize(rule.prelude).strip()}{{{kept}}}")
    return "\n".join(part for part in out if part).replace("<", "\\3c ")


def _rule(rule: QualifiedRule, map_url: UrlMap) -> str:
    body = _join(tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True), map_url)
    return f"{tinycss2.serialize(rule.prelude).strip()}{{{body}}}" if body else ""


def _join(nodes: Iterable[Node], map_url: UrlMap) -> str:
    kept = []
    for node in nodes:
        if isinstance(node, Declaration) and _known(node.lower_name) and _harmless(node.value, map_url):
            important = " !important" if node.important else ""
            kept.append(f"{node.lower_name}:{tinycss2.serialize(node.value).strip()}{important}")
    return ";".join(kept)


def _known(name: str) -> bool:
    return name in NAMES or name.startswith(PREFIXES)


def _harmless(tokens: Iterable[Node], map_url: UrlMap) -> bool:
    """False for an unknown function or an address that may not be loaded; rewrites the others in place."""
    for token in tokens:
        if isinstance(token, URLToken):
            address = map_url(token.value)
            if address is None:
                return False
            token.value, token.representation = address, f'url("{_quoted(address)}")'
        elif isinstance(token, FunctionBlock):
            if token.lower_name == "url":  # url("quoted") is a function to the parser
                texts = [argument for argument in token.arguments if argument.type == "string"]
                address = map_url(texts[0].value) if len(texts) == 1 else None
                if address is None:
                    return False
                texts[0].value, texts[0].representation = address, f'"{_quoted(address)}"'
            elif token.lower_name not in FUNCTIONS or not _harmless(token.arguments, map_url):
                return False
        elif token.type in ("error", "[] block", "{} block"):
            return False
    return True


def _quoted(address: str) -> str:
    return address.replace("\\", "\\\\").replace('"', "%22").replace("\n", "")
