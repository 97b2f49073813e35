"""The text of an HTML part, for quoting it in an answer."""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

_BLOCKS = (
    "address article aside blockquote center div dd dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr li "
    "main nav ol p pre section table tr ul"
)
BLOCKS = frozenset(_BLOCKS.split())
SPACED = frozenset("p h1 h2 h3 h4 h5 h6 ul ol blockquote table pre".split())  # noqa: SIM905
SKIPPED = frozenset("head script style title noscript template svg math".split())  # noqa: SIM905
LINE, PARAGRAPH = "\x01", "\x02"  # an edge of a block, while the text is put together: neighbours are one
MAX_NODES = 200_000  # of one letter; what lies behind is not quoted


def text_of_html(html: str) -> str:
    """Lines of text: blocks on lines of their own, list items with a dash, links with their address."""
    body = LexborHTMLParser(html).body
    if body is None:
        return ""
    out: list[str] = []
    waiting: list[LexborNode | str] = [body]
    for _ in range(MAX_NODES):
        if not waiting:
            break
        node = waiting.pop()
        if isinstance(node, str):
            out.append(node)
            continue
        waiting.extend(reversed(_opened(node)))
    text = re.sub(rf"[{LINE}\s]*{PARAGRAPH}[{LINE}{PARAGRAPH}\s]*", "\n\n", "".join(out))
    text = re.sub(rf"\s*{LINE}[{LINE}\s]*", "\n", text)
    text = re.sub(r"[ \t]*\n[ \t]*", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _opened(node: LexborNode) -> list[LexborNode | str]:
    """What a node stands for: text, or its children between line ends."""
    tag = node.tag or ""
    if tag == "-text":
        return [re.sub(r"\s+", " ", node.text_content or "")]
    if tag in SKIPPED or tag.startswith(("-comment", "!")):
        return []
    if tag == "br":
        return ["\n"]
    if tag == "img":
        return [node.attributes.get("alt") or ""]
    children: list[LexborNode | str] = list(node.iter(include_text=True))
    if tag in ("td", "th"):
        return [*children, " "]
    if tag in BLOCKS:
        edge = PARAGRAPH if tag in SPACED else LINE
        return [edge, "- " if tag == "li" else "", *children, edge]
    return children
