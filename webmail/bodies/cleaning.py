"""A stranger's HTML made harmless.

Three walls, each enough by itself against scripts: nh3 keeps only known elements and
attributes; the document is shown in a sandboxed frame without scripts; that document
has its own Content-Security-Policy (see webmail.views.bodies).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

import nh3
from selectolax.lexbor import LexborHTMLParser

from webmail.bodies import style

_TAGS = (
    "a abbr address b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn div dl dt em "
    "figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main map mark ol p pre q s samp "
    "section small span strike strong sub sup table tbody td tfoot th thead time tr tt u ul var wbr"
)
TAGS = frozenset(_TAGS.split())
DROPPED_WITH_CONTENT = frozenset("script style title noscript template object svg math iframe".split())  # noqa: SIM905
COMMON = {"class", "dir", "lang", "title", "align", "valign", "width", "height", "bgcolor", "color", "style"}
ATTRIBUTES: dict[str, set[str]] = {
    "*": COMMON,
    "a": {"href", "name"},
    "img": {"src", "alt", "border", "hspace", "vspace"},
    "table": {"border", "cellpadding", "cellspacing", "summary"},
    "td": {"colspan", "rowspan", "nowrap", "headers"},
    "th": {"colspan", "rowspan", "nowrap", "scope", "abbr"},
    "col": {"span"}, "colgroup": {"span"},
    "ol": {"start", "type", "reversed"}, "ul": {"type"}, "li": {"value", "type"},
    "font": {"face", "size"},
    "blockquote": {"cite", "type"},
}  # fmt: skip
SCHEMES = {"http", "https", "mailto", "cid", "data"}
# Raster images may come inside the letter; SVG may not: it is a document that can carry scripts.
DATA_IMAGES = ("data:image/png", "data:image/jpeg", "data:image/gif", "data:image/webp")
MAX_HTML = 2_000_000  # characters; longer letters are cut and can be downloaded


@dataclass(frozen=True, slots=True)
class Cleaned:
    """body and css are safe; remote_images: how many pictures were left out; used_cids: those shown inside."""

    body: str
    css: str
    remote_images: int
    used_cids: frozenset[str]


class _Cleaner:
    """One letter being cleaned: maps its addresses and counts what was left out."""

    def __init__(self, cids: Mapping[str, str], proxy: Callable[[str], str] | None, write_to: str) -> None:
        self.cids, self.proxy, self.write_to = cids, proxy, write_to
        self.blocked: set[str] = set()
        self.used: set[str] = set()

    def image(self, address: str) -> str | None:
        """The address to load a picture from, or None."""
        address = address.strip()
        scheme = address.partition(":")[0].lower()
        if scheme == "cid":
            name = unquote(address[4:]).strip("<>")
            if name in self.cids:
                self.used.add(name)
            return self.cids.get(name)
        if scheme == "data":
            return address if address.lower().startswith(DATA_IMAGES) else None
        if scheme not in ("http", "https"):
            return None
        if self.proxy is None:
            self.blocked.add(address)
            return None
        return self.proxy(address)

    def link(self, address: str) -> str | None:
        """Links lead to pages on the web; mailto: leads to our own writing page."""
        try:
            parts = urlsplit(address.strip())
        except ValueError:
            return None
        if parts.scheme in ("http", "https") and parts.netloc:
            return address.strip()
        if parts.scheme == "mailto":
            return f"{self.write_to}?to={quote(unquote(parts.path))}"
        return None

    def attribute(self, tag: str, name: str, value: str) -> str | None:
        """nh3 asks for each attribute that it would keep: its value, or None to drop it."""
        if name == "style":
            return style.clean_declarations(value, self.image) or None
        if name == "src":
            return self.image(value)
        if name == "href":
            return self.link(value)
        if name == "cite":
            return None
        return value


def clean(html: str, *, cids: Mapping[str, str], proxy: Callable[[str], str] | None, write_to: str) -> Cleaned:
    """Cleans a letter's HTML.

    cids: content id -> address of that part. proxy: makes an address of ours for a remote picture,
    None to leave remote pictures out. write_to: address of the writing page, for mailto: links.
    """
    html = html[:MAX_HTML].replace("\x00", "")
    cleaner = _Cleaner(cids, proxy, write_to)
    sheets = [node.text(deep=True) for node in LexborHTMLParser(html).css("style")]
    css = style.clean_stylesheet("\n".join(sheets), cleaner.image)
    body = nh3.clean(
        html,
        tags=set(TAGS),
        clean_content_tags=set(DROPPED_WITH_CONTENT),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=cleaner.attribute,
        url_schemes=set(SCHEMES),
        strip_comments=True,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    return Cleaned(body, css, len(cleaner.blocked), frozenset(cleaner.used))
