"""Addresses in the one form in which they are stored and compared.

Local part: NFC, case folded, quoted only where it must be (RFC 5321 section 2.4 lets the receiving
system decide; people do not tell Alice@ from alice@). Domain: A-labels in lower case.
"""

import re
import unicodedata
from functools import lru_cache

MAX_LOCALPART_OCTETS = 64  # RFC 5321 section 4.5.3.1.1
MAX_DOMAIN_OCTETS = 253  # RFC 1035 section 2.3.4: 255 on the wire, 253 as text
MAX_ADDRESS_OCTETS = 254  # RFC 5321 section 4.5.3.1.3: a path is 256 with its angle brackets
# An address of the plainest kind is its own folded form once in lower case.
_PLAIN = re.compile(r"[A-Za-z0-9_+=&#~'-]+(?:\.[A-Za-z0-9_+=&#~'-]+)*@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*")
# RFC 5322 section 3.2.3 atext, and RFC 6531 section 3.3 on top (checked apart).
_DOT_ATOM = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\x80-\U0010FFFF-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~\x80-\U0010FFFF-]+)*"
)
_QUOTED = re.compile(r'"((?:[\x20\x21\x23-\x5B\x5D-\x7E\x80-\U0010FFFF]|\\[\x20-\x7E])*)"')
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_LITERAL = re.compile(r"\[[0-9A-Za-z:.-]{1,60}\]")


def split_address(address: str) -> tuple[str, str]:
    """Local part and domain, at the last "@" (a quoted local part may hold one). ValueError without one."""
    localpart, at, domain = address.rpartition("@")
    if not at or not localpart or not domain:
        raise ValueError("an address has a local part, @ and a domain")
    return localpart, domain


@lru_cache(maxsize=4096)
def fold_address(text: str) -> str:
    """The stored form of an address. ValueError when it is none."""
    if len(text) > 4 * MAX_ADDRESS_OCTETS:
        raise ValueError("the address is too long")
    if len(text) <= MAX_LOCALPART_OCTETS and _PLAIN.fullmatch(text) and "-." not in text and ".-" not in text:
        folded = text.lower()
        if not folded.endswith("-") and "@-" not in folded and "xn--" not in folded:
            return folded
    localpart, domain = split_address(text)
    folded = f"{fold_localpart(localpart)}@{fold_domain(domain)}"
    if len(folded.encode()) > MAX_ADDRESS_OCTETS:
        raise ValueError("the address is too long")
    return folded


def fold_localpart(text: str) -> str:
    """NFC and case folding; a quoted string loses quotes and backslashes that it does not need."""
    quoted = _QUOTED.fullmatch(text)
    content = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else text
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", content).casefold())
    if _has_invisible(folded):
        raise ValueError("the local part has characters that cannot be seen")
    if not _DOT_ATOM.fullmatch(folded):
        if not quoted:
            raise ValueError("the local part needs quotes")
        folded = '"' + re.sub(r'([\\"])', r"\\\1", folded) + '"'
    if len(folded.encode()) > MAX_LOCALPART_OCTETS:
        raise ValueError("the local part is too long")
    return folded


def fold_domain(text: str) -> str:
    """A-labels in lower case, without a final dot; an address literal keeps its brackets. ValueError otherwise."""
    if _LITERAL.fullmatch(text):
        return text.lower()
    name = text.removesuffix(".").lower()
    if not name.isascii():
        # The standard codec is IDNA 2003 (RFC 3490): it also maps the ideographic full stops.
        try:
            name = unicodedata.normalize("NFC", name).encode("idna").decode("ascii").lower()
        except UnicodeError as error:
            raise ValueError("the domain is not a valid name") from error
    if len(name) > MAX_DOMAIN_OCTETS or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise ValueError("the domain is not a valid name")
    return name


def display_domain(name: str) -> str:
    """The domain as people read it: U-labels where they decode."""
    try:
        return name.encode("ascii").decode("idna") if "xn--" in name else name
    except UnicodeError:
        return name


def without_detail(localpart: str) -> str | None:
    """The local part before its "+detail" (RFC 5233 section 1), None where there is none."""
    base, plus, _ = localpart.partition("+")
    return base if plus and base and not localpart.startswith('"') else None


def _has_invisible(text: str) -> bool:
    """Controls, format characters, surrogates, private use: none belongs in a name one types."""
    return not text.isascii() and any(
        unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for char in text
    )
